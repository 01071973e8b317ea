package site_test

import (
	"html"
	"strings"
	"testing"

	"keypull/pull/settings"
)

func TestAFrontOfficeIsFilledInAndAnswers(t *testing.T) {
	r := newRig(t)
	editor := r.as("lecker editor")
	const at = room + "starters/office"
	editor.get(room+"sources/new").wants(t, 200, `href="`+at+`"`)
	page := editor.get(at).wants(t, 200, "Front office of a newspaper", "Readers write: Subscription, ")
	invoice := html.UnescapeString(between(t, page.body, "name=\"invoice.en\"", "</textarea>"))
	invoice = invoice[strings.IndexByte(invoice, '\n')+1:]
	if !strings.Contains(invoice, settings.Gap) {
		t.Fatalf("the answer begins as %q", invoice)
	}

	editor.post(at, "invoice.en", invoice).wants(t, 422, "Fill in one answer at least")
	half := strings.Replace(invoice, settings.Gap, "invoices.example.org", 1)
	editor.post(at, "invoice.en", half).wants(t, 422, `aria-describedby="f-invoice-en-problem`, "invoices.example.org")
	whole := strings.ReplaceAll(half, settings.Gap, "0800 123456")
	editor.post(at, "invoice.en", whole, "contact.en", "Call 0800 123456.").leads(t, room+"keywords?done=source_adopted")

	editor.get(room+"keywords").wants(t, 200, "contact", "invoice")
	page.wants(t, 200, `name="missing_paper" value="on" checked`, "Readers are asked: Which day’s paper is missing? Your name, and your customer number or address?")
	editor.post(at, "missing_paper", "on").leads(t, room+"keywords?done=source_adopted")
	editor.get(room+"keywords/missing-paper").wants(t, 200, "Which day’s paper is missing?").lacks(t, `id="f-source"`, `name="reply_mode"`)
	editor.get(at).wants(t, 200, "missing paper").lacks(t, `name="missing_paper"`)
	editor.get(at).wants(t, 200, "There are keywords for these already: ").lacks(t, `name="invoice.en"`, `name="contact.en"`)
	editor.get(room+"starters/nowhere").wants(t, 404)
	r.as("lecker viewer").get(at).wants(t, 403)
	r.as("lecker viewer").get(room+"sources/new").lacks(t, at)
}
