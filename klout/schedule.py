"""What runs when: the whole schedule, in UTC. Every entry is a crontab and expires.

Rows in PostgreSQL say what is due, so a lost message or a restart of beat loses nothing:
the next minute asks again.
"""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Each minute: hand the accounts that are due for today's sync (or a retry) to workers.
    "sync-due-accounts": {
        "task": "connectors.tasks.sync_due_accounts",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    # Each minute: read or import the dropped files whose task was lost.
    "work-on-due-uploads": {
        "task": "connectors.tasks.work_on_due_uploads",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    # Each minute: score the newly linked and looked-up accounts whose first score was lost.
    "score-new-people": {
        "task": "scoring.tasks.score_new_people",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    # Each minute from 01:00: score closed days once their fetches are done or given up.
    "score-closed-days": {
        "task": "scoring.tasks.score_closed_days",
        "schedule": crontab(hour="1-23"),
        "options": {"expires": 55},
    },
    # Every ten minutes: topics of new people, and of everybody once a day is scored.
    "refresh-topics": {
        "task": "scoring.topics.tasks.refresh_topics",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 500},
    },
    # 00:10: create the partitions of the months to come, before a row needs them.
    "prepare-partitions": {
        "task": "connectors.tasks.prepare_partitions",
        "schedule": crontab(hour="0", minute="10"),
        "options": {"expires": 3600},
    },
    # Each hour: remove looked-up profiles, texts and opt-outs whose time is over.
    "expire-rows": {
        "task": "connectors.tasks.expire_rows",
        "schedule": crontab(minute="25"),
        "options": {"expires": 3000},
    },
    # Each hour: note the goals that the newest scored day has reached.
    "note-reached-goals": {
        "task": "dashboard.tasks.note_reached_goals",
        "schedule": crontab(minute="40"),
        "options": {"expires": 3000},
    },
    # 03:45: take out of the Parquet files what may be kept no longer.
    "expire-files": {
        "task": "scoring.tasks.expire_files",
        "schedule": crontab(hour="3", minute="45"),
        "options": {"expires": 3600},
    },
    # Each minute: write the digests due in somebody's morning, and hand letters to workers.
    "plan-letters": {
        "task": "dashboard.tasks.plan_letters",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    # Each hour: write the reminders of goals that are near or were reached.
    "plan-reminders": {
        "task": "dashboard.tasks.plan_reminders",
        "schedule": crontab(minute="40"),
        "options": {"expires": 3000},
    },
    # Each hour: write the letters about questions and answers, one a day for each person.
    "plan-news": {
        "task": "dashboard.tasks.plan_news",
        "schedule": crontab(minute="50"),
        "options": {"expires": 3000},
    },
    # 03:50: remove empty rows of questions and notices of long ago, and check the counts.
    "keep-questions": {
        "task": "scoring.questions.tasks.keep",
        "schedule": crontab(hour="3", minute="50"),
        "options": {"expires": 3600},
    },
    # Each quarter of an hour: tell operators in their morning what waits for them.
    "tell-operators": {
        "task": "people.tasks.tell_operators",
        "schedule": crontab(minute="5,20,35,50"),
        "options": {"expires": 800},
    },
    # 04:20: remove the rows of letters of long ago.
    "expire-letters": {
        "task": "dashboard.tasks.expire_letters",
        "schedule": crontab(hour="4", minute="20"),
        "options": {"expires": 3600},
    },
    # Each minute: offers of perks to those who wait, and e-mails about perks.
    "advance-perks": {
        "task": "perks.tasks.advance",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    # Every ten minutes: where a day was scored, who qualifies for which perk.
    "perks-follow-scores": {
        "task": "perks.tasks.follow_scores",
        "schedule": crontab(minute="4,14,24,34,44,54"),
        "options": {"expires": 500},
    },
    # 09:15: recall claimed perks that end within three days.
    "recall-perks": {
        "task": "perks.tasks.recall",
        "schedule": crontab(hour="9", minute="15"),
        "options": {"expires": 3600},
    },
    # 03:20: remove addresses whose time is over, and check the stock of every perk.
    "keep-perks": {
        "task": "perks.tasks.keep",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 3600},
    },
}
