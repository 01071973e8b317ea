package site_test

import (
	"fmt"
	"testing"
)

// lose ends every session of a person.
func (v *visitor) lose() {
	v.t.Helper()
	if _, err := v.gate.Sessions.DeleteOf(v.t.Context(), v.person.ID, ""); err != nil {
		v.t.Fatal(err)
	}
}

// signInAbove signs in by the dialog above a page.
func (b *browser) signInAbove(email string) {
	b.T.Helper()
	b.Until(`document.querySelector("dialog[open] #above-email")`)
	b.fill("#above-email", email)
	b.fill("#above-password", goodPassword)
	b.press(`dialog[open] form .primary`)
}

func TestASessionThatEndsIsBegunAnewAboveThePage(t *testing.T) {
	r, ann, _ := atWork(t)
	ann.person = r.person("owner@example.org", "lecker owner")
	b := newBrowser(t)
	b.Look(390, "dark")
	b.signIn(ann)
	b.Open(r.server.URL + "/console/me")
	b.fill("#f-name", "Typed before")
	ann.lose()
	b.Eval(`document.querySelector("#f-name").form.requestSubmit()`)
	b.Until(`document.querySelector("dialog[open] #above-email") === document.activeElement`)
	b.Wants(`document.querySelector("dialog[open]").textContent.includes("your session was ended")`, "true")
	b.Complaints()
	b.judge("session-ended")
	b.fill("#above-email", ann.person.Email)
	b.fill("#above-password", "a wrong one")
	b.press(`dialog[open] form .primary`)
	b.Until(`document.querySelector("dialog[open] [role=alert]")`)
	b.Wants(`document.querySelector("#f-name").value`, "Typed before")
	b.fill("#above-password", goodPassword)
	b.press(`dialog[open] form .primary`)
	b.Until(`location.search === "?done=saved" && document.querySelector("#f-name")?.value === "Typed before"`)

	// What a script sends by itself goes on, too.
	b.Open(r.server.URL + room + "keywords/news")
	b.Until(settled)
	ann.lose()
	b.fill(`[name="phrases.en"]`, "news\ngazpacho")
	b.signInAbove(ann.person.Email)
	b.Until(`!document.querySelector("dialog[open]")`)
	b.Until(settled)
	b.Wants(`document.querySelector('[name="phrases.en"]').value`, "news\ngazpacho")
	b.Eval(`window.old = true`)
	b.press(`#thing .form-foot .primary`)
	b.Until(`!window.old && location.search.includes("keyword_saved")`)

	// Somebody else is asked, and who leaves the dialog keeps what was typed.
	bob := r.person("bob@example.org", "lecker owner")
	b.Open(r.server.URL + "/console/me")
	b.fill("#f-name", "Typed by Ann")
	ann.lose()
	b.Eval(`document.querySelector("#f-name").form.requestSubmit()`)
	b.signInAbove(bob.Email)
	b.Until(`document.querySelector("dialog[open] [data-session-token]")`)
	b.Wants(fmt.Sprintf(`document.querySelector("dialog[open]").textContent.includes(%q)`, bob.Name), "true")
	b.press(`dialog[open] [data-session-close]`)
	b.Until(`!document.querySelector("dialog[open]")`)
	b.Wants(`document.querySelector("#f-name").value`, "Typed by Ann")

	// A server that is away loses nothing either.
	r.server.Close()
	b.Eval(`document.querySelector("#f-name").form.requestSubmit()`)
	b.Until(`document.querySelector("dialog[open] [data-session-again]")`)
	b.Wants(`document.querySelector("#f-name").value`, "Typed by Ann")

	// That an earlier question was closed may be told late: it is not this one's answer.
	b.Eval(`document.querySelector("dialog[open]").dispatchEvent(new Event("close"))`)
	b.Eval(`window.asked = 0, window.fetch = ((fetch) => (...sent) => (window.asked++, fetch(...sent)))(window.fetch)`)
	b.press(`dialog[open] [data-session-again]`)
	b.Until(`window.asked === 1 && document.querySelector("dialog[open] [data-session-again]")`)
}
