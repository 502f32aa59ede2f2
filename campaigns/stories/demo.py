"""The stories part of the demo: what the four sources tell, summarised in our own words, and one course list.

Figures and names are those of the sources; a source that names no day gets none.
"""

from datetime import date
from typing import Any

from campaigns.planning.models import Campaign
from campaigns.stories import actions
from campaigns.stories.models import Story
from campaigns.stories.rules import Cover, Kind
from portal.demo.registry import Demo, DemoPart, register
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST

CITY = "140300000000"
TOKEN = "e0000000-0000-4000-9000-{:012d}"
SPEAKER, OFFICE = "杨蕾", "市妇联家庭和儿童部部长"


def _part(title: str, text: str, *, speaker: str = "", office: str = "", url: str = "") -> dict[str, str]:
    return {"title": title, "speaker": speaker, "office": office, "text": text, "url": url}


def _answer(title: str, text: str) -> dict[str, str]:
    return _part(title, text, speaker=SPEAKER, office=OFFICE)


INTERVIEW: dict[str, Any] = {
    "kind": Kind.INTERVIEW, "title": "在线访谈：清廉家庭怎么建", "cover": Cover.VIDEO, "happened_on": None,
    "lead": "市妇联家庭和儿童部部长杨蕾做客市政府门户网站《在线访谈》，谈清廉家庭建设的做法、亮点和打算。以下按访谈内容摘编。",
    "source_name": "阳泉市人民政府门户网站《在线访谈》",
    "parts": [
        _answer(
            "采取了哪些措施？",
            "**先把组织和任务定下来。** 成立市妇联清廉家庭创建活动领导组，下发在全市开展创建活动的指导意见；5 月 6 日召集各县（区）妇联主席、开发区妇委会主任再安排再部署。\n\n"
            "**活动多样，人人能参加。** 公开招募家庭家教家风宣讲员，组建 50 余人的队伍；世界读书日前征集中华传统经典吟诵作品 40 余个，已展播 9 期；"
            "“讲讲我心中的国防”主题诵读活动近 2 万人参加；“庚续红色基因 传承清廉家风”宣讲 7 场。\n\n"
            "**各县区都有自己的办法。** 盂县实施“七个一”清廉家庭创建，开展亲子共成长阅读；平定县联合开展家庭教育宣传周；城区成立家庭教育宣讲团；高新区一幅手作“寄”清廉。",
        ),
        _answer(
            "怎样和日常工作融合？",
            "**倡议先行。** “五一”当天发出家庭助廉倡议书，引导家庭以德立家、以廉治家、以勤兴家，当好“廉内助”。\n\n"
            "**融进寻找最美家庭。** 在“十型”最美家庭寻找活动中加入清正廉洁型家庭。\n\n"
            "**融进家庭教育。** 联合市电台开设 10 期专栏，已举办 8 期；5 月 13 日至 15 日网络直播培训，参训 3.3 万多人次。\n\n"
            "**融进妇女之家。** 在妇女之家、创业就业示范点开展抖音直播话家庭活动 4 期。",
        ),
        _answer(
            "有哪些亮点？",
            "- **抓实四项举措**：清廉文化、清廉作品、清廉家庭、清廉基地\n- **拓展三个作用**：家人助廉、家规倡廉、家风树廉\n"
            "- **做到四个融合**：与家庭教育促进法、基层治理、寻找最美家庭、打造妇女示范点相融合",
        ),
        _answer(
            "效果怎么样？",
            "妇女在社会和家庭建设中的独特作用更加突出，党员干部以家为基的思想更加牢固，家庭成员以廉为美的理念更加深入。",
        ),
        _answer(
            "下一步怎么做？",
            "强化思想引领，清廉文化入心入脑；强化展示引领，征集家庭助廉书信、家规家训和书画、剪纸、面塑等作品；强化价值引领，推动党员干部带头传承好家风；"
            "强化基地引领，在清廉乡村示范村（社区）中培育 10 个清廉家庭基地，每个县（区）、行业、系统重点培育 2—3 个。",
        ),
    ],
}  # fmt: skip
THEME: dict[str, Any] = {
    "kind": Kind.THEME, "title": "树清廉家风 创最美家庭", "cover": Cover.PAPER,
    "lead": "四项举措、三个作用、四个融合：这个主题下的活动、系列、作品和倡议都汇集在这里。",
    "body": "家庭是社会的细胞。清廉家庭创建从家人助廉、家规倡廉、家风树廉做起，把清廉文化送进千家万户。\n\n"
    "## 怎么参加\n\n- 写一封家书、一条家训，投到[作品征集](/works/)\n- 和家里人读一读[承诺书](/pledges/)，商量好再签\n- 到身边的妇女之家参加活动",
}  # fmt: skip
OFFICE_NEWS: dict[str, Any] = {
    "kind": Kind.NEWS, "title": "“四个结合”建清廉机关，妇联这样做", "cover": Cover.RULES,
    "lead": "思想筑廉、作风促廉、纪律护廉、文化育廉，把清廉建设融进机关日常。",
    "source_name": "清廉机关建设工作推进会汇报材料（摘编）",
    "body": "## 结合主题教育，思想筑廉\n\n党组领学，举办“巾帼大讲堂”，书记带头讲廉政党课；集中观看《镜鉴家风》《远离家庭腐败》等警示教育片，开展党纪知识竞答。\n\n"
    "## 结合妇联职能，作风促廉\n\n开展“执委进万家 姐妹回娘家”活动，进村入户听意见；承担清廉家庭建设牵头责任，创作家庭文化主题歌曲，编写廉政教育读本，"
    "推动清廉家庭从干部家庭向普通家庭延伸。\n\n"
    "## 结合日常监督，纪律护廉\n\n季度督查、半年述职，动态更新岗位风险点和防控措施；在重要节点发布《妇廉纪语》。\n\n"
    "## 结合机关建设，文化育廉\n\n利用走廊楼道做党风廉政文化墙；向干部家属发出廉洁家庭倡议书，请家人当家庭“纪检员”；“三八”期间开展“建功先行区 同心‘画’清廉”瓷画活动。",
}  # fmt: skip
DISCIPLINE_NEWS: dict[str, Any] = {
    "kind": Kind.NEWS, "title": "《妇廉纪语》：逢年过节提个醒", "cover": Cover.VOICE,
    "lead": "紧盯节假日，用生动的语言、鲜活的案例，说纪、说法、说德、说害、说责。",
    "source_name": "清廉机关建设工作推进会汇报材料（摘编）",
    "body": "节日是家人团聚的时候，也是人情往来最多的时候。妇联结合中央纪委、市纪委的最新通报，推出《妇廉纪语》，一期一个话题，短小好读，发到每位干部和家属的手机上。\n\n"
    "- **说纪**：什么不能做\n- **说法**：做了要担什么责任\n- **说德**：好家风是什么样\n- **说害**：贪一时、毁一家\n- **说责**：当家人的提醒人",
}  # fmt: skip
YUPING: dict[str, Any] = {
    "kind": Kind.PRACTICE, "title": "玉屏做法：廉政文化进家庭", "cover": Cover.HANDS, "happened_on": date(2016, 3, 22),
    "lead": "贵州省玉屏侗族自治县妇联是省级第一批廉政文化进家庭示范点。他们抓制度、抓宣传、抓活动、抓典型。",
    "source_name": "玉屏侗族自治县纪委（摘编）",
    "parts": [
        _part("制度先行，三个到位", "统筹、责任和制度、措施三个到位：与妇联中心工作同部署、同检查、同考核；编读本、拍片子、写家信、办竞赛、建农村廉政书屋。"),
        _part("宣传立足三个重要", "每年春节前夕，县妇联联合县纪委、县委组织部向科级领导干部配偶发放廉政倡议书；在社区、村设廉政文化宣传板和廉政文化长廊；"
              "“三八”“六一”发宣传册、演节目。"),
        _part("抓好三个活动", "“家庭助廉 从我做起”签名活动，100 余名领导干部配偶签名承诺；科级干部配偶警示教育座谈会，66 人参加；"
              "“廉政亲情寄语”，家人亲笔写，配图制成桌签摆在办公桌上。"),
        _part("做好三个结合", "与“廉内助”评选、与五好文明家庭和平安家庭创建、与家庭教育实践相结合。"),
        _part("可以借鉴的", "- 抓住春节、三八、六一三个时点，年年做、不走样\n- 名单不上网，只记份数和人数\n- 亲情寄语做成桌签，天天看得见"),
    ],
}  # fmt: skip
GANSU: dict[str, Any] = {
    "kind": Kind.PRACTICE, "title": "甘肃做法：妇联深度参与新时代文明实践", "cover": Cover.COURT, "happened_on": date(2019, 4, 30),
    "lead": "甘肃省妇联把寻找最美家庭、巾帼家美积分超市、美丽庭院和婚姻家庭服务放进新时代文明实践中心试点。",
    "source_name": "甘肃省妇联试点工作实施方案（摘编）",
    "parts": [
        _part("思想引领到农户", "“陇原妇女面对面”：线下志愿者走进农村农户，线上用“指尖上的妇联”，宣讲与实践中心、所、站统筹。"),
        _part("最美家庭，村村有活动", "好邻居、好媳妇、好公婆和五好家庭，用身边榜样带动；家风家教巡讲、家风馆和家风长廊；反对天价彩礼、大操大办、厚葬薄养。"),
        _part("小超市，大撬动", "“巾帼家美积分超市”，用小积分兑出大文明，改善人居环境和乡风。"),
        _part("美丽庭院", "千村万户创建，妇女带着家人动起来，庭院更美、村庄更整洁。"),
        _part("婚姻家庭服务", "宣传反家庭暴力法、妇女权益保障法，做好婚姻家庭纠纷预防化解。需要帮助请看[求助热线](/stories/hotlines/)。"),
        _part("可以借鉴的", "- 主动融入当地统一部署，不另起炉灶\n- 妇女之家、家长学校、儿童之家的阵地和活动一起用\n- 亮标识、亮身份，把执委和热心人组织成志愿队"),
    ],
}  # fmt: skip
COURSE: dict[str, Any] = {
    "kind": Kind.COURSE, "title": "家教公开课：家庭教育促进法和孩子的成长", "cover": Cover.READ,
    "lead": "家庭教育宣传周线上培训的三讲，加上电台专栏的话题，一课一个主题。",
    "parts": [
        _part("解读《中华人民共和国家庭教育促进法》", "家长依法带娃：谁来教、教什么、怎么教。"),
        _part("中华传统文化与家庭教育", "从家训、家书里学做人。"),
        _part("青春期孩子的生命教育", "听懂孩子，陪孩子走过难关。"),
        _part("“双减”之后做智慧家长", "作业少了，陪伴怎么做。"),
        _part("从廉洁故事谈廉洁的深层内涵", "给孩子讲三个廉洁小故事。"),
        _part("放松心态，积极备考", "考前家里的一周。"),
    ],
}  # fmt: skip
ALL = (
    ("interview-2022", INTERVIEW), ("theme-2022", THEME), ("clean-office", OFFICE_NEWS), ("fulian-jiyu", DISCIPLINE_NEWS),
    ("practice-yuping", YUPING), ("practice-gansu", GANSU), ("course-family-education", COURSE),
)  # fmt: skip


def _campaign(slug: str) -> Campaign | None:
    if slug not in {"interview-2022", "theme-2022"}:
        return None
    return Campaign.objects.filter(unit__unit_no=CITY, starts_on__year=2022).first()


def build(demo: Demo) -> None:
    """Written by the city, read by the editor, released by the publisher; one more waits in the gate."""
    for number, (slug, fields) in enumerate(ALL):
        story = actions.create(
            actor=demo.users["city"], unit=demo.unit(CITY), slug=slug, is_demo=True,
            fields={**fields, "campaign": _campaign(slug)}, token=TOKEN.format(number),
        )  # fmt: skip
        actions.submit(actor=demo.users["city"], story=story)
        row = Publication.objects.filter(target_id=story.pk, content_type="story").latest("pk")
        gate.pass_edit(row, actor=demo.users["editor"], answers=CHECKLIST)
        gate.publish(row, actor=demo.users["publisher"], answers=CHECKLIST)
    waiting = actions.create(
        actor=demo.users["county"], unit=demo.unit("140321000000"), slug="pingding-week", is_demo=True,
        fields={
            "kind": Kind.NEWS, "title": "平定县家庭教育宣传周走进社区", "cover": Cover.TALK,
            "body": "平定县妇联联合相关部门开展家庭教育宣传周暨“树清廉家风 创最美家庭”宣传活动。",
        },
        token=TOKEN.format(99),
    )  # fmt: skip
    actions.submit(actor=demo.users["county"], story=waiting)


register(DemoPart("stories", 76, build, lambda: Story.objects.filter(is_demo=True).exists()))
