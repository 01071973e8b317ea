package site_test

import (
	"testing"
	"time"
)

func TestTheDayFollowsInTheBrowser(t *testing.T) {
	r := newRig(t)
	editor := r.as("lecker editor")
	b := newBrowser(t)
	b.Look(1440, "light")
	b.signIn(editor)
	b.Open(r.server.URL + "/console/p/lecker/today")
	b.Wants(`document.querySelector(".tile-value").textContent`, "0")
	b.Eval(`document.querySelector("h1").dataset.same = "1"`)
	for range 5 {
		r.miss(hostile)
	}
	r.wait(time.Second)
	b.Until(`document.querySelector(".tile-value").textContent === "5"`)
	b.Until(`document.querySelector("#today tbody bdi") !== null`)
	b.Wants(`document.querySelector("h1").dataset.same`, "1")
	b.Wants(`document.querySelector("#today tbody bdi").textContent`, hostile)
	b.judge("today-live")

	// Whose session ends is let in again above the page, which goes on.
	if _, err := r.gate.Sessions.DeleteOf(t.Context(), editor.person.ID, ""); err != nil {
		t.Fatal(err)
	}
	b.signInAbove(editor.person.Email)
	b.Until(`!document.querySelector("dialog[open]")`)
	b.Complaints()
	r.miss(hostile)
	r.wait(time.Second)
	b.Until(`document.querySelector(".tile-value").textContent === "6"`)
}

func TestTheFirstOwnerBeginsInTheBrowser(t *testing.T) {
	_, s, path := firstOf(t)
	b := newBrowser(t)
	b.Look(390, "light")
	b.Open(s.server.URL + path)
	b.Until(`document.querySelector("#f-time_zone").value === Intl.DateTimeFormat().resolvedOptions().timeZone`)
	b.fill("#f-name", "Ann")
	b.fill("#f-email", "ann@example.org")
	b.fill("#f-password", "short")
	b.fill("#f-outlet", "Le Monde")
	b.submit("form")
	b.refused("422")
	b.Wants(`document.activeElement.id`, "summary")
	b.Wants(`document.querySelector("#f-outlet").value`, "Le Monde")
	b.judge("welcome-refused")
	b.fill("#f-password", goodPassword)
	b.submit("form")
	b.Wants(`location.pathname + location.search`, "/console/p/le-monde/sources/new?first=1")
	b.judge("welcome-done")
}

func TestALinkIsCopiedAndAnInviteWithdrawnInTheBrowser(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	b := newBrowser(t)
	b.Look(1440, "dark")
	b.signIn(owner)
	b.Open(r.server.URL + "/console/p/lecker/people")
	b.fill("#f-email", "new@example.org")
	b.submit(`form[action$="/invites"]`)
	b.Until(`document.querySelector("#invite-link").textContent.includes("/console/welcome/")`)
	b.judge("people-invited")
	b.Eval(`document.querySelector("[data-copy]").click()`)
	b.Until(`document.querySelector("#live").textContent === "Copied."`)
	b.Eval(`document.querySelector('form[action$="/revoke"] button').click()`)
	b.Until(`document.querySelector("#confirm").open`)
	b.Wants(`document.querySelector("#confirm-text").textContent`, "Withdraw the invite of new@example.org? The link stops working.")
	b.Eval(`window.old = true`)
	b.Eval(`(() => { setTimeout(() => document.querySelector("#confirm-yes").click()); })()`)
	b.Until(`!window.old && document.readyState === "complete"`)
	b.Wants(`document.querySelector(".toast p").textContent`, "The invite is withdrawn.")
	b.Wants(`document.querySelectorAll('form[action$="/revoke"]').length`, "0")
	b.judge("people-withdrawn")
}
