package site

import (
	"net/http"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/proofs"
)

// proofPages show what a code proves, and have the publisher sign with a new key.
type proofPages struct{ *request }

// proofPlace is where they are, among the settings.
const proofPlace = "proof"

func (s *Site) proofRoutes() {
	const at = Root + "/p/{publisher}/settings/" + proofPlace
	s.route("GET "+at, pageAction(proofPages.proofPage))
	s.route("POST "+at, gatedFor(proofs.RenewKey, confirmFirst(func(r *request) pages.Confirm {
		return pages.Confirm{Title: r.t("proof.renew_sure"), Text: r.t("proof.renew_text"), Yes: r.t("proof.renew"), Cancel: r.pathTo("settings", proofPlace)}
	}, pageAction(proofPages.renewKey))))
}

// proofBody is what the page shows: a form, and what the code proves that it named.
type proofBody struct {
	Head    pages.Header
	Action  string
	Code    string
	Message string
	Shown   *provenView
	// Renew is where a new key is asked for; "" for who may not.
	Renew string
}

// provenView is an answer that was proved. What it told stands in it as plain text.
type provenView struct {
	proofs.ProvenAnswer
	Keyword string
	Times   []provenTime
}

type provenTime struct {
	Label string
	At    time.Time
}

func (r proofPages) proofPage() error {
	b := proofBody{
		Head:   pages.Header{Title: r.t("proof.title"), Lead: r.t("proof.lead")},
		Action: r.pathTo("settings", proofPlace), Code: strings.TrimSpace(r.URL.Query().Get("code")),
	}
	if r.mayDo(proofs.RenewKey) {
		b.Renew = b.Action
	}
	status := http.StatusOK
	if b.Code != "" {
		found, err := proofs.GetProof.Call(r.callContext(), proofs.ProofGet{Of: r.publisherInput(), Code: b.Code})
		switch {
		case err == nil:
			b.Shown = r.provenView(found)
		case console.KindOf(err) == pull.Unknown:
			status, b.Message = http.StatusNotFound, r.hintText(err)
		default:
			return err
		}
	}
	return r.showAs(status, "page_proof", pages.Page{Title: b.Head.Title, Body: b})
}

func (r proofPages) provenView(a proofs.ProvenAnswer) *provenView {
	v := &provenView{ProvenAnswer: a, Times: []provenTime{{r.t("proof.sent"), a.Sent}}}
	var names []string
	for _, id := range a.Keywords {
		names = append(names, r.nameOf(catalogue.ResourceKeyword, id))
	}
	v.Keyword = strings.Join(names, ", ")
	for label, at := range map[string]time.Time{"proof.as_of": a.AsOf, "proof.fetched": a.Fetched} {
		if !at.IsZero() {
			v.Times = append(v.Times, provenTime{r.t(label), at})
		}
	}
	return v
}

func (r proofPages) renewKey() error {
	if _, err := proofs.RenewKey.Call(r.callContext(), r.publisherInput()); err != nil {
		return err
	}
	return r.redirectDone(r.pathTo("settings", proofPlace), "proof_renewed")
}
