"""Lists what has outgrown the sizes of the style guide, so that somebody looks. It never fails."""

import ast
import warnings

from tests.guards.source import ROOT, python_files, short, templates, tree_of

FILE, FUNCTION, TEMPLATE, SCRIPT = 300, 40, 150, 120


def test_list_what_has_outgrown():
    grown = []
    for path in python_files():
        lines = len(path.read_text("utf-8").splitlines())
        if lines > FILE:
            grown.append(f"{short(path)}: {lines} lines")
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > FUNCTION:
                grown.append(
                    f"{short(path)}:{node.lineno} {node.name}: {(node.end_lineno or 0) - node.lineno} lines"
                )
    pages = [(path, TEMPLATE) for path in templates()]
    pages += [(path, SCRIPT) for path in sorted((ROOT / "static/js").glob("*.js"))]
    for path, limit in pages:
        lines = len(path.read_text("utf-8").splitlines())
        if lines > limit:
            grown.append(f"{short(path)}: {lines} lines")
    if grown:
        warnings.warn("outgrown, worth a look:\n" + "\n".join(grown), stacklevel=1)
