"""The pages below /live/ and the runs that phones load."""

import gzip
import json
from dataclasses import replace

from dmf_core import limits
from tests.ui.lecture.hallway import Hallway, Run, driver, held
from ui.lecture import keys


def test_pages_have_a_strict_policy_and_nothing_of_streamlit(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        for path in ("/live", f"/live/{code}", f"/live/{code}/present", f"/live/{code}/desk", f"/live/{code.lower()}"):
            status, headers, body = await hallway.get(path)
            policy = headers["content-security-policy"]
            assert (
                status == 200
                and policy.startswith("default-src 'none'; script-src 'self';")
                and "frame-ancestors 'none'" in policy
            )
            assert "unsafe-eval" not in policy and headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer" and headers["cross-origin-opener-policy"] == "same-origin"
            assert (
                b"<script>" not in body
                and b"only for me" not in body
                and keys.presenter_key(hallway.hall.book.secret, code).encode() not in body
            )
        assert hallway.passed_on == []
        await hallway.get("/lively")
        await hallway.get("/")
        assert hallway.passed_on == ["/lively", "/"]

    held(five_modes, talk)


def test_scripts_and_styles_are_packed_immutable_and_small(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        _, _, body = await hallway.get(f"/live/{code}")
        names = [part.split('"')[0] for part in body.decode().split("/live/static/")[1:]]
        total = len(gzip.compress(body))
        for name in names:
            status, headers, packed = await hallway.get(f"/live/static/{name}")
            assert status == 200 and headers["content-encoding"] == "gzip" and "immutable" in headers["cache-control"]
            total += len(packed)
            gzip.decompress(packed)
        assert len(names) == 2 and total + limits.LECTURE_PACKED_BYTES < 130_000  # with the run: all that a phone loads

    held(five_modes, talk)


def test_a_run_is_given_as_far_as_the_room_may_know_it(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        run = f"/live/{code}/run/{hallway.digest}"
        desk = await driver(hallway, code)
        part = (await desk.hears("scene", ready=True))["until"]
        status, _, body = await hallway.get(f"{run}/until/{part}")
        assert status == 200 and json.loads(gzip.decompress(body))["frames"] == part + 1
        assert (await hallway.get(run))[0] == 403
        assert (await hallway.get(f"{run}/until/{part + 1}"))[0] == 403
        desk.say(kind="do", what="scene", scene=1)
        for _ in range(3):
            assert (await hallway.get(run))[0] == 403
            desk.say(kind="do", what="next")
            await desk.hears("question", state=["locked", "revealed", "played"][_])
        status, headers, body = await hallway.get(run)
        assert (
            status == 200 and "immutable" in headers["cache-control"] and json.loads(gzip.decompress(body))["frames"] > part + 1
        )
        assert (await hallway.get(f"/live/{code}/run/{'0' * 64}"))[0] == 404
        await desk.leave()

    held(five_modes, talk)


def test_a_run_that_one_room_predicts_is_shown_in_another_room_and_there_only(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        rehearsed, code = await hallway.open(), await hallway.open()  # two rooms of one lecture
        desk = await driver(hallway, code)
        desk.say(kind="do", what="scene", scene=1)
        for state in ("locked", "revealed", "played"):
            desk.say(kind="do", what="next")
            await desk.hears("question", state=state)
        assert (await desk.hears("scene", until=None))["run"] == hallway.digest
        assert (await hallway.get(f"/live/{code}/run/{hallway.digest}"))[0] == 200
        assert (await hallway.get(f"/live/{rehearsed}/run/{hallway.digest}"))[0] == 403
        assert (await hallway.get(f"/live/QQQQQ/run/{hallway.digest}"))[0] == 404
        await desk.leave()

    held(five_modes, talk)


def test_a_run_of_no_room_is_not_handed_out(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        other = "a" * 64  # packed for a room that is gone
        moments = replace(hallway.hall.live[code].room.runs[hallway.digest], digest=other)
        hallway.hall.book.save_run(moments, {(None, None): b"x"}, 0.0)
        assert hallway.hall.book.body(other, None) == b"x"
        assert (await hallway.get(f"/live/{code}/run/{other}"))[0] == 404

    held(five_modes, talk)


def test_the_qr_code_holds_the_address_of_the_room(five_modes: Run) -> None:
    async def talk(hallway: Hallway) -> None:
        code = await hallway.open()
        status, headers, body = await hallway.get(f"/live/{code}/qr.svg")
        assert status == 200 and headers["content-type"] == "image/svg+xml" and body.startswith(b"<svg")
        hallway.hall.move_to(code, "")
        assert (await hallway.get(f"/live/{code}/qr.svg"))[0] == 404

    held(five_modes, talk)
