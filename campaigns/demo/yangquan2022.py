"""阳泉 2022: every activity that the source interview names, with its partners and figures.

Dates the source gives are kept; where it gives none, `day` is a plausible one and `guessed` says so.
A figure written 近 or 余 is an estimate.
"""

from typing import Any

CITY = "140300000000"
CITY_DISTRICT, MINING, SUBURB = "140302000000", "140303000000", "140311000000"
PINGDING, YUXIAN, ZONE = "140321000000", "140322000000", "140311400000"

CAMPAIGN: dict[str, Any] = {
    "slug": "qinglian-2022",
    "name": "2022 年清廉家庭创建活动",
    "slogan": "树立清廉家风 培育最美家庭",
    "starts_on": "2022-03-01",
    "ends_on": "2022-12-31",
    "themes": ["四项举措", "三个作用", "四个融合"],
    "summary": (
        "抓实清廉文化融入家庭文明建设、清廉作品展现廉洁治家理念、清廉家庭弘扬社会文明新风尚、清廉基地发挥典型引领作用"
        "四项举措；拓展家人助廉、家规倡廉、家风树廉三个作用；做到与家庭教育促进法、基层治理、最美家庭、示范点和先进个人"
        "四个融合，在全社会营造“崇清敬廉”的良好家风氛围。"
    ),
}
PARTNERS = [
    "市纪委监委", "市委组织部", "市委宣传部", "市教育局", "军分区政治处", "国防教育办", "新华书店", "市电台", "司法部门",
]  # fmt: skip
LEADING_GROUP: dict[str, Any] = {
    "name": "清廉家庭创建活动领导组",
    "since": "2022-03-10",
    "members": [("卢东华", "市妇联党组书记、主席", "head")],
}
POLICY: dict[str, Any] = {
    "title": "关于在全市开展清廉家庭创建活动的指导意见",
    "issued_on": "2022-03-15",
    "summary": "以家庭传统工作阵地为切入点，聚焦引领、联系、服务三大职能，健全组织架构、细化工作任务。",
}

ACTIVITIES: list[dict[str, Any]] = [
    {"unit": CITY, "title": "机关全体干部会议传达学习清廉家庭建设有关精神", "kind": "meeting", "day": "2022-03-08", "guessed": True,
     "place": "市妇联会议室", "audiences": ["officials"], "summary": "第一时间传达学习相关会议精神，研究成立清廉家庭创建活动领导组。"},
    {"unit": CITY, "title": "清廉家庭创建等重点工作再安排再部署会议", "kind": "meeting", "day": "2022-05-06", "hour": 15,
     "place": "市妇联会议室", "audiences": ["officials"],
     "summary": "召集各县（区）妇联主席、开发区妇委会主任以及机关党员干部，对抓党建促基层治理能力提升专项巾帼行动、清廉家庭创建、"
                "“巾帼心向党 喜迎二十大”群众性主题宣传教育活动再安排再部署。", "co": [CITY_DISTRICT, MINING, SUBURB, PINGDING, YUXIAN, ZONE]},
    {"unit": CITY, "title": "党组会议听取“清廉家庭”建设工作专题汇报", "kind": "meeting", "day": "2022-05-30", "guessed": True,
     "place": "市妇联会议室", "audiences": ["officials"], "summary": "5 月底召开党组会议，听取“清廉家庭”建设工作专题汇报。"},
    {"unit": CITY, "title": "公开招募家庭家教家风宣讲员", "kind": "other", "day": "2022-04-10", "guessed": True, "form": "mixed",
     "headcount": 50, "estimated": ["headcount"], "audiences": ["volunteers"], "measure_note": "原文“50 余人”",
     "summary": "面向社会公开招募，来自教育、心理咨询、法律、传统文化等各级各类优秀家庭代表，通过层层筛选组建宣讲员队伍。"},
    {"unit": CITY, "title": "中华传统经典吟诵作品征集", "kind": "works", "day": "2022-04-23", "form": "online", "node": "世界读书日",
     "works_count": 40, "sessions": 9, "estimated": ["works_count"], "audiences": ["residents", "students"],
     "measure_note": "原文“40 余个”，公众号展播 9 期", "summary": "世界读书日来临之际征集中华传统经典吟诵作品，在微信公众号展播 9 期。"},
    {"unit": CITY, "title": "“见证中国力量！——讲讲我心中的国防”主题诵读活动", "kind": "reading", "day": "2022-05-20", "guessed": True,
     "headcount": 20000, "estimated": ["headcount"], "measure_note": "原文“近 2 万人”", "audiences": ["students", "parents"],
     "partners": ["市委宣传部", "市教育局", "军分区政治处", "国防教育办", "新华书店"],
     "summary": "联合市委宣传部、市教育、军分区政治处、国防教育办、新华书店启动主题诵读活动。"},
    {"unit": CITY, "title": "号召广大家庭创作“家庭助廉”主题文化作品", "kind": "works", "day": "2022-05-25", "guessed": True,
     "form": "mixed", "audiences": ["residents"], "summary": "下发通知，号召广大家庭创作以“家庭助廉”为主题的文化作品。"},
    *[{"unit": CITY, "title": f"“庚续红色基因 传承清廉家风”宣讲（第 {number} 场）", "kind": "talk", "day": f"2022-06-{day:02d}",
       "guessed": True, "place": place, "audiences": ["officials", "residents"],
       "summary": "全国最美家庭、省五好家庭代表连栋宣讲，讲传承红色基因、涵养清廉家风。"}
      for number, (day, place) in enumerate(
          [(2, "联通总公司"), (6, "联通城区公司"), (8, "联通矿区公司"), (10, "联通郊区公司"), (14, "联通平定县公司"),
           (16, "联通盂县公司"), (21, "新华东街社区")], start=1)],
    {"unit": CITY, "title": "阳泉市青年干部“六个一”家庭助廉活动", "kind": "theme", "day": "2022-06-24", "guessed": True,
     "partners": ["市纪委监委", "市委组织部"], "audiences": ["officials", "spouses"],
     "summary": "联合市纪委监委、市委组织部举办青年干部“六个一”家庭助廉活动。"},
    {"unit": YUXIAN, "title": "盂县“七个一”清廉家庭创建", "kind": "theme", "day": "2022-04-28", "guessed": True,
     "audiences": ["residents"], "summary": "实施“七个一”清廉家庭创建。"},
    {"unit": YUXIAN, "title": "“读清廉故事·育优秀品格”亲子共成长阅读活动", "kind": "parent_child", "day": "2022-05-28",
     "guessed": True, "audiences": ["parents", "children"], "summary": "亲子共读清廉故事，培育优秀品格。"},
    {"unit": PINGDING, "title": "家庭教育宣传周暨“树清廉家风 创最美家庭”宣传活动", "kind": "theme", "day": "2022-05-13",
     "guessed": True, "node": "全国家庭教育宣传周", "audiences": ["parents", "residents"], "summary": "平定县妇联联合相关部门开展集中宣传。"},
    {"unit": CITY_DISTRICT, "title": "“传红色基因 扬清廉家风”主题宣讲暨家庭教育宣讲团成立仪式", "kind": "talk",
     "day": "2022-05-15", "guessed": True, "audiences": ["parents", "residents"], "summary": "举办主题宣讲活动，成立家庭教育宣讲团。"},
    {"unit": ZONE, "title": "一幅手作“寄”清廉活动", "kind": "craft", "day": "2022-06-01", "guessed": True,
     "audiences": ["women", "children"], "summary": "以手工制作寄托清廉心意。"},
    {"unit": CITY, "title": "发出“树立清廉家风 培育最美家庭”家庭助廉倡议书", "kind": "initiative", "day": "2022-05-01",
     "form": "online", "node": "五一", "audiences": ["residents", "spouses"],
     "summary": "引导广大家庭“以德立家、以廉治家、以勤兴家”，动员妇女说“悄悄话”、洒“清醒剂”、吹“枕边风”，当好“廉内助”。"},
    {"unit": CITY, "title": "2022 年度“十型”最美家庭寻找活动植入清正廉洁型", "kind": "theme", "day": "2022-05-10", "guessed": True,
     "form": "mixed", "audiences": ["residents"], "summary": "在年度“十型”最美家庭寻找活动中植入清正廉洁型家庭寻找。"},
    *[{"unit": CITY, "title": f"“家庭教育促进法暨清廉家庭”电台专栏第 {number} 期", "kind": "media", "day": f"2022-{month:02d}-{day:02d}",
       "guessed": True, "form": "online", "partners": ["市电台"], "audiences": ["parents"], "summary": f"主题：{topic}。"}
      for number, (month, day, topic) in enumerate(
          [(5, 16, "家庭教育促进法重点内容"), (5, 25, "家庭教育促进法在司法部门的落实"), (6, 3, "培养孩子的五个重要"),
           (6, 12, "“双减”政策下如何做智慧家长"), (6, 21, "从廉洁故事谈廉洁的深层内涵"), (6, 30, "如何建立幸福家庭、树立良好家风"),
           (7, 9, "放松心态、积极备考"), (7, 18, "清廉家庭建设")], start=1)],
    {"unit": CITY, "title": "《家庭教育促进法》暨清廉家庭建设线上培训班", "kind": "training", "day": "2022-05-13", "days": 3,
     "form": "online", "sessions": 3, "online_visits": 33000, "estimated": ["online_visits"], "node": "全国家庭教育宣传周",
     "measure_note": "原文“3.3 万多人次”；点赞量近 30 万只作传播记录，不作考核", "audiences": ["parents", "students", "volunteers"],
     "summary": "5 月 13 日至 15 日连续 3 天网络直播，解读《家庭教育促进法》《中华传统文化与家庭教育》《青春期孩子的生命教育》，"
                "培训各级家庭工作骨干、家风宣讲员及部分学生、家长、老师代表。"},
    {"unit": SUBURB, "title": "“送法进万家 家教伴成长”家庭教育宣传展示和主题实践活动", "kind": "theme", "day": "2022-05-14",
     "guessed": True, "sessions": 4, "audiences": ["parents", "residents"], "measure_note": "“四大板块”各计一场", "summary": "组织“四大板块”家庭教育宣传展示和主题实践活动。"},
    {"unit": MINING, "title": "“送法进万家 家教伴成长”巾帼大宣讲活动", "kind": "talk", "day": "2022-05-17", "guessed": True,
     "audiences": ["women", "parents"], "summary": "矿区妇联举办巾帼大宣讲。"},
    *[{"unit": CITY, "title": f"《做好家风建设 让自律换自由》抖音直播话家庭第 {number} 期", "kind": "media",
       "day": f"2022-06-{day:02d}", "guessed": True, "form": "online", "audiences": ["women"], "summary": "妇女之家、妇女创业就业示范点融合开展直播话家庭。"}
      for number, day in enumerate([5, 12, 19, 26], start=1)],
]  # fmt: skip
