"""Every permission of the portal. A code is `<noun>.<verb>`; an unknown one does not exist as a member."""

from enum import StrEnum


class Perm(StrEnum):
    """What somebody may do. *Totals* and *details* are different rights (design §4)."""

    STAFF_ENTER = "staff.enter"

    UNIT_VIEW = "unit.view"
    UNIT_EDIT = "unit.edit"
    UNIT_REORGANISE = "unit.reorganise"

    GRANT_VIEW = "grant.view"
    GRANT_GIVE = "grant.give"
    ACCOUNT_INVITE = "account.invite"
    ACCOUNT_ADMIN = "account.admin"
    HANDOVER_DO = "handover.do"

    CAMPAIGN_VIEW = "campaign.view"
    CAMPAIGN_EDIT = "campaign.edit"
    ACTIVITY_VIEW = "activity.view"
    ACTIVITY_LOG = "activity.log"
    ACTIVITY_REVIEW = "activity.review"
    ACTIVITY_ARCHIVE = "activity.archive"
    ACTIVITY_IMPORT = "activity.import"

    WORK_VIEW = "work.view"
    WORK_ENTER = "work.enter"
    WORK_REVIEW = "work.review"
    WORK_REVEAL = "work.reveal"
    WORK_TAKE_DOWN = "work.take_down"
    CALL_EDIT = "call.edit"

    CONTENT_SUBMIT = "content.submit"
    CONTENT_EDIT = "content.edit"
    CONTENT_CHECK = "content.check"
    CONTENT_PUBLISH = "content.publish"
    CONTENT_TAKE_DOWN = "content.take_down"
    WORD_EDIT = "word.edit"

    COMPLAINT_VIEW = "complaint.view"
    COMPLAINT_ANSWER = "complaint.answer"
    RIGHTS_HANDLE = "rights.handle"

    METRIC_TOTALS = "metric.totals"
    METRIC_DETAILS = "metric.details"
    GOAL_EDIT = "goal.edit"

    EXPORT_PLAIN = "export.plain"
    EXPORT_SENSITIVE = "export.sensitive"

    JOURNAL_READ = "journal.read"
    JOB_READ = "job.read"
    JOB_RETRY = "job.retry"
    OUTBOX_READ = "outbox.read"
    OUTBOX_MANAGE = "outbox.manage"
    SETTINGS_EDIT = "settings.edit"

    JUDGE_SCORE = "judge.score"
    SPEAKER_SELF = "speaker.self"
    STORE_REDEEM = "store.redeem"
    STORE_TAKE_STOCK = "store.take_stock"
    VETTING_REPLY = "vetting.reply"
