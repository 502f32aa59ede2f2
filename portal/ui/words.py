"""Interface words that scripts show; {% ui_words %} puts them on the page."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "saved": _("已存本机 {time}"),
    "restored": _("已恢复 {time} 存在本机的内容"),
    "start_over": _("清空重填"),
    "count": _("已写 {n} 字"),
    "count_of": _("已写 {n} 字，最多 {most} 字"),
    "count_over": _("超出 {extra} 字，最多 {most} 字"),
    "cancel": _("取消"),
    "sure": _("确定"),
    "remove": _("移除"),
    "too_heavy": _("{name} 超过 {most} MB，没有加入；可以换一张小一点的"),
    "too_many": _("最多选 {most} 个文件，多出的没有加入"),
    "chosen": _("已选 {n} 条"),
    "choose_page": _("全选本页"),
    "more_filters": _("更多条件"),
    "fewer_filters": _("收起条件"),
    "scrolls": _("表格可左右滚动"),
    "less": _("减少"),
    "more": _("增加"),
    "today": _("今天"),
    "yesterday": _("昨天"),
    "stop_reading": _("停止朗读"),
}
