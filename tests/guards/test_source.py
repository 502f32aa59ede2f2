"""Habits of the code that a reader relies on."""

import ast
import tokenize

from tests.guards.source import python_files, short, tree_of

FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers", "manager", "service", "helper"}


def test_no_module_has_a_name_that_says_nothing():
    assert [short(path) for path in python_files() if path.stem in FORBIDDEN_NAMES] == []


def test_a_deferred_import_states_its_reason():
    """An import inside a function needs a comment on its line or on the import just above it."""
    found = []
    for path in python_files():
        deferred = [
            node
            for scope in ast.walk(tree_of(path))
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(scope)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        if deferred:
            found += _without_reason(path, deferred)
    assert found == []


def _without_reason(path, deferred):
    with tokenize.open(path) as handle:
        comments = {
            token.start[0]
            for token in tokenize.generate_tokens(handle.readline)
            if token.type == tokenize.COMMENT
        }
    lines = {node.lineno for node in deferred}
    explained = set()
    for node in sorted(deferred, key=lambda node: node.lineno):
        own = comments & set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        above = node.lineno - 1
        if own or above in comments or (above in lines and above in explained) or (above - 0 in explained):
            explained.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return [f"{short(path)}:{line}" for line in sorted(lines - explained)]
