"""玉屏: what the source article of March 2016 tells about 廉政文化进家庭, with its figures and places."""

from typing import Any

COUNTY = "520622000000"

CAMPAIGN: dict[str, Any] = {
    "slug": "yuping-lianjie-jiafeng",
    "name": "树廉洁家风——廉政文化进家庭",
    "slogan": "家庭助廉 从我做起",
    "starts_on": "2015-01-01",
    "ends_on": "2016-12-31",
    "themes": ["三个到位", "三个重要", "三个活动", "三个结合"],
    "summary": "2012 年获省级第一批廉政文化进家庭示范点命名；以“树廉洁家风”为主题，以家庭助廉教育为核心，筑牢拒腐防变的家庭防线。",
}
PARTNERS = ["县纪委", "县委组织部"]

ACTIVITIES: list[dict[str, Any]] = [
    {"unit": COUNTY, "title": "“家庭助廉 从我做起”签名活动", "kind": "initiative", "day": "2015-09-18", "guessed": True,
     "headcount": 100, "estimated": ["headcount"], "measure_note": "原文“100 余名”", "audiences": ["spouses"], "partners": PARTNERS,
     "summary": "100 余名领导干部配偶庄严签名承诺。"},
    {"unit": COUNTY, "title": "“话廉洁增友谊”领导干部及家属联谊晚会", "kind": "craft", "day": "2015-09-18", "hour": 19, "guessed": True,
     "audiences": ["officials", "spouses"], "partners": PARTNERS, "summary": "签名活动当天晚上举行。"},
    {"unit": COUNTY, "title": "科级干部配偶反腐倡廉警示教育座谈会", "kind": "symposium", "day": "2015-10-22", "guessed": True,
     "headcount": 66, "audiences": ["spouses"], "partners": PARTNERS,
     "summary": "全县正科级领导干部配偶 66 人畅谈家庭助廉，集中观看典型案件警示教育展和警示教育报告。"},
    {"unit": COUNTY, "title": "“廉政亲情寄语”征集与桌签制作", "kind": "works", "day": "2015-11-16", "guessed": True,
     "audiences": ["officials", "spouses"], "summary": "亲人亲自书写寄语，配上图案制作成桌签，摆在每位干部职工的办公桌上。"},
    {"unit": COUNTY, "title": "春节前向科级领导干部配偶发放廉政倡议书", "kind": "initiative", "day": "2016-02-02", "guessed": True,
     "node": "春节", "audiences": ["spouses"], "partners": PARTNERS, "summary": "每年春节前夕联合县纪委、县委组织部发放，号召树立家庭助廉意识。"},
    {"unit": COUNTY, "title": "“贤内助”荣誉称号揭晓", "kind": "theme", "day": "2016-03-08", "node": "三八", "headcount": 6,
     "audiences": ["spouses"], "summary": "在“三八”国际劳动妇女节之际，对全县 6 名领导干部家属授予“贤内助”荣誉称号。"},
    {"unit": COUNTY, "title": "平溪镇紫气社区、北门社区廉政文化宣传板", "kind": "theme", "day": "2015-06-10", "guessed": True,
     "place": "紫气社区、北门社区", "audiences": ["residents"], "summary": "利用社区宣传栏等基层阵地，向每个家庭传递廉政建设信息。"},
    {"unit": COUNTY, "title": "亚鱼乡郭家湾、朱家场谢桥村廉政文化长廊", "kind": "theme", "day": "2015-07-08", "guessed": True,
     "place": "郭家湾村、谢桥村", "audiences": ["residents"], "summary": "张贴廉政宣传画、悬挂标语口号，举行廉政图片展。"},
    {"unit": COUNTY, "title": "男女平等基本国策“六进”宣讲", "kind": "talk", "day": "2015-04-15", "guessed": True,
     "audiences": ["residents", "women"], "summary": "成立宣讲团，把廉政文化作为宣讲的一项重点内容。"},
    {"unit": COUNTY, "title": "“三八”“六一”廉政文化宣传和文艺汇演", "kind": "show", "day": "2015-06-01", "node": "儿童节",
     "audiences": ["parents", "children"], "summary": "发放廉政文化宣传册、进家庭倡议书，开展文艺汇演。"},
    {"unit": COUNTY, "title": "廉政知识竞赛", "kind": "quiz", "day": "2015-08-20", "guessed": True, "audiences": ["officials"],
     "summary": "举办廉政知识竞赛，观看廉政影视和展板，订阅廉政书报，开办农村廉政书屋。"},
]  # fmt: skip
