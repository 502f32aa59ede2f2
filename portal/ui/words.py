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
    "kept_device": _("已存本机"),
    "kept_server": _("已上传"),
    "offline_checking": _("正在连接……"),
    "offline_kept": _("现在没有网络，还没有提交。填的内容已存在本机，联网后自动提交，不用重填，也不会重复。"),
    "offline_picture": _("没有网络，照片先存在本机，和表一起提交。"),
    "offline_no_room": _("本机存不下了，请去掉几张照片再点“提交”。"),
    "offline_sending": _("网络恢复了，正在提交{time}存的内容……"),
    "offline_sent": _("{time}存的内容已提交。"),
    "offline_refused": _(
        "{time}存的内容没有提交成功，需要补充。文字都在，请核对后再点“提交”；选过照片的，请再选一次。"
    ),
    "offline_login": _("登录已过期。填的内容还在本机，重新登录后会自动提交。"),
    "stop_reading": _("停止朗读"),
}
