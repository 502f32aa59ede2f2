"""What the service worker serves from: its own file, the page without a network."""

from portal.access.roles import Role


def test_worker_stands_at_the_root_and_is_asked_for_anew(client):
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer.headers["Cache-Control"]
    script = answer.content.decode()
    assert '"/static/"' in script and '"/staff/activities/new/"' in script and "&#" not in script
    assert "AbortSignal.timeout" not in script  # older WebViews do not know it, and would keep no form


def test_page_without_a_network_names_nobody(client):
    page = client.get("/offline/").content.decode()
    assert "现在没有网络" in page and "csrfmiddlewaretoken" not in page


def test_empty_form_holds_choices_only(signed_in, tree):
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    page = county.get("/staff/activities/new/offline/").content.decode()
    assert "csrfmiddlewaretoken" not in page and str(county.user.display_name) not in page
    assert county.get("/staff/activities/new/offline/").headers["Cache-Control"].count("no-store")
    assert signed_in(Role.CITY_LEADER, tree.city).get("/staff/activities/new/offline/").status_code == 403
