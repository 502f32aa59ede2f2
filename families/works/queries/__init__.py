"""Reads of works and calls."""

from families.works.queries.calls import (
    all_categories,
    announced_calls,
    areas_of,
    audiences_of,
    categories_of,
    county_of,
    ended_calls,
    find_area,
    find_village,
    open_calls,
    parent_of,
    shown_categories,
    slug_taken,
    taking,
    villages_of,
    with_rules,
)
from families.works.queries.own import (
    Extra,
    by_code,
    by_token,
    consents_in_force,
    entered_by,
    extras_of,
    is_own,
    may_rejoin,
    own,
    own_by_no,
    sent_by,
)
from families.works.queries.readers import readers_of
from families.works.queries.shown import (
    counties,
    covers_of,
    media_of,
    photos_of,
    published,
    scans_of,
    shown_files,
)
from families.works.queries.staff import by_pk, for_staff, of_consent, past_keeping, taken_in, waiting

__all__ = ["Extra", "all_categories", "announced_calls", "areas_of", "audiences_of", "by_code", "by_pk", "by_token", "categories_of", "consents_in_force", "counties", "county_of", "covers_of", "ended_calls", "entered_by", "extras_of", "find_area", "find_village", "for_staff", "is_own", "may_rejoin", "media_of", "of_consent", "open_calls", "own", "own_by_no", "parent_of", "past_keeping", "photos_of", "published", "readers_of", "scans_of", "sent_by", "shown_categories", "shown_files", "slug_taken", "taken_in", "taking", "villages_of", "waiting", "with_rules"]  # fmt: skip
