"""Exit codes of the commands and the sentence, in Chinese and English, that goes with each."""

import sys
from enum import IntEnum


class Exit(IntEnum):
    """What a command ends with; docs/operations.md lists them."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NO_PYTHON = 10  # said by bin/_python
    PORT_BUSY = 11
    READ_ONLY = 12
    NO_NETWORK = 13
    DISK_FULL = 14
    SET_UP_FAILED = 15
    NOT_READY = 16
    PROCESS_DIED = 17
    DATA_IN_USE = 18
    NOT_OUR_FOLDER = 19
    INTERRUPTED = 130


class CannotGoOn(Exception):
    """Ends a command with one clear sentence in both languages and its exit code."""

    def __init__(self, code: Exit, zh: str, en: str, details: str = "") -> None:
        super().__init__(en)
        self.code, self.zh, self.en, self.details = code, zh, en, details


def say(text: str = "") -> None:
    """One line for the person at the terminal, at once."""
    print(text, flush=True)


def tell(error: CannotGoOn) -> int:
    """Print the sentence (and the last lines of a log, if any) on stderr; returns the exit code."""
    if error.details:
        print(error.details.rstrip(), file=sys.stderr)
        print(file=sys.stderr)
    print(error.zh, file=sys.stderr)
    print(error.en, file=sys.stderr, flush=True)
    return int(error.code)


def port_busy(host: str, port: int) -> CannotGoOn:
    return CannotGoOn(
        Exit.PORT_BUSY,
        f"端口 {port} 已被占用（{host}），请换一个端口，例如：bin/demo --port {port + 1}",
        f"Port {port} on {host} is busy; choose another one, e.g. bin/demo --port {port + 1}",
    )


def cannot_write(folder: object, reason: object = "") -> CannotGoOn:
    detail = f" ({reason})" if reason else ""
    return CannotGoOn(
        Exit.READ_ONLY,
        f"文件夹不可写：{folder}{detail}，请换一个可写的位置，或用 --data 指定数据文件夹。",
        f"This folder cannot be written: {folder}{detail}. Use a place you may write to, or name one with --data.",
    )


def no_network(details: str = "") -> CannotGoOn:
    return CannotGoOn(
        Exit.NO_NETWORK,
        "下载依赖包失败：连不上软件源。请检查网络或 pip 镜像设置后再运行一次。",
        "The packages could not be downloaded: no connection to the package index. Check the network or the pip"
        " mirror, then run the same command again.",
        details,
    )


def disk_full(folder: object, needed_mb: int = 0) -> CannotGoOn:
    zh = f"，至少需要 {needed_mb} MB" if needed_mb else ""
    en = f"; at least {needed_mb} MB are needed" if needed_mb else ""
    return CannotGoOn(
        Exit.DISK_FULL,
        f"磁盘空间不足：{folder}{zh}。请腾出空间后再运行一次。",
        f"The disk is full: {folder}{en}. Free some space, then run the same command again.",
    )


def set_up_failed(details: str = "") -> CannotGoOn:
    return CannotGoOn(
        Exit.SET_UP_FAILED,
        "准备运行环境失败，上面是最后的输出。再运行一次会从头准备。",
        "The set-up failed; the last output stands above. Running the command again starts it afresh.",
        details,
    )


def data_not_ready(details: str = "") -> CannotGoOn:
    return CannotGoOn(
        Exit.SET_UP_FAILED,
        "准备演示数据失败，上面是最后的输出。再运行一次会接着做；bin/demo --reset 会清空演示数据重新开始。",
        "The demo's data could not be prepared; the last output stands above. Run it again to go on, or use"
        " bin/demo --reset to start with fresh data.",
        details,
    )
