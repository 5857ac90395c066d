"""What the events of the audit record, their objects and their doors are called wherever they are shown."""

from typing import Any

from states import Refused, complaint, cycle, measure
from states.lifecycle import Law

LAWS: dict[str, Law[Any]] = {"complaint": complaint.LAW, "cycle": cycle.LAW, "measure": measure.LAW}
EVENTS = {
    "account.disabled": "停用账号",
    "account.enabled": "启用账号",
    "account.password_set": "设置密码",
    "account.sign_in_failed": "登录失败",
    "account.signed_in": "登录",
    "address.changed": "更改邮箱",
    "address.proposed": "提出更改邮箱",
    "calendar.loaded": "载入日历",
    "code.issued": "发放登录码",
    "complaint.announce": "补发通知",
    "complaint.answered": "随主案答复客户",
    "complaint.evidence": "上传证据",
    "complaint.import": "导入投诉",
    "complaint.lapse": "期满生效",
    "complaint.ordered_again": "再次转人劳部扣款",
    "complaint.phone_shown": "查看客户完整电话",
    "cycle.exported": "导出考核成绩",
    "cycle.frozen": "冻结考核数据",
    "cycle.scored": "算出成绩",
    "cycle.work": "推进考核周期",
    "deadline.alarm": "发出时限提醒",
    "deadline.computed": "算出时限",
    "facts.imported": "导入考核数据",
    "import.begun": "开始导入",
    "import.done": "导入完成",
    "installation.restored": "从备份恢复",
    "link.confirmed": "凭邮件链接核对身份",
    "link.renewed": "重新发送链接",
    "link.wrong_digits": "邮件链接核对不符",
    "mail.arrived": "确认邮件已送达",
    "mail.bounced": "邮件退回",
    "mail.failed": "邮件发送失败",
    "mail.held": "邮件待人工处理",
    "mail.paused": "暂停邮件队列",
    "mail.resumed": "恢复邮件队列",
    "mail.sent_again": "重发邮件",
    "mailbox.designated": "约定送达邮箱",
    "mailbox.verified": "验证邮箱",
    "measure.alarm": "发出改进措施提醒",
    "measure.exported": "导出改进措施",
    "payroll.order_returned": "人劳部退回扣款",
    "penalty.acknowledged": "确认知悉，无异议",
    "person.changed": "更改人员信息",
    "person.entered": "录入人员",
    "post.changed": "更改任职",
    "post.given": "任职",
    "rating.given": "提交评分",
    "rating.reminded": "催办评分",
    "result.acknowledged": "签收考核结果",
    "result.appealed": "对考核结果申诉",
    "result.read": "查看他人考核结果",
    "result.reviewed": "复核考核结果",
    "role.ended": "结束角色",
    "role.granted": "授予角色",
    "rulebook.published": "发布制度",
    "session.ended": "退出登录",
    "survey.answered": "客户回答问卷",
    "survey.corrected": "客户修改问卷",
    "survey.forgotten": "删除客户联系方式",
    "survey.reminded": "提醒客户回答",
    "token.issued": "发放接口密钥",
    "token.revoked": "停用接口密钥",
    "unit.changed": "更改单位",
    "unit.entered": "录入单位",
}
THINGS = {
    "api_token": "接口密钥",
    "calendar": "日历",
    "complaint": "工单",
    "cycle": "考核周期",
    "deduction_order": "扣款",
    "fact_import": "数据导入",
    "grant": "角色",
    "hearing": "陈述",
    "import": "导入",
    "installation": "系统",
    "letter": "邮件",
    "measure": "改进措施",
    "outbox": "邮件",
    "penalty": "处罚",
    "person": "人员",
    "post": "任职",
    "rating": "评分表",
    "regulation": "制度",
    "result": "考核结果",
    "role": "角色",
    "survey": "客户问卷",
    "unit": "单位",
}
DOORS = {
    "web": "网页",
    "api": "接口",
    "link": "邮件链接",
    "cli": "终端",
    "sweep": "自动",
    "courier": "邮件投递",
}


def event_label(action: str) -> str:
    """Return what an event is called: the law's word for a move, an own one for every other; else its own name."""
    if action in EVENTS:
        return EVENTS[action]
    kind, _, move = action.partition(".")
    try:
        return LAWS[kind].move(move).label if kind in LAWS else action
    except Refused:
        return action
