package site

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"keypull/web/console"
)

// fillLooked fills in what the publisher's own site was found to have, as far as that is
// known: nobody is asked for it.
func (r demandPages) fillLooked(b *demandBody, days int) error {
	last, err := console.DemandLooked.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return err
	}
	if r.mayChange(console.LookDemand) && len(b.Unmet) > 0 {
		b.Look, b.Site = r.pathTo(demandSection, "look")+"?days="+strconv.Itoa(days), last.Address
	}
	if last.At.IsZero() {
		return nil
	}
	b.Looked = r.plural("demand.looked", len(last.Found), "looked", strconv.Itoa(last.Looked), "when", r.momentText(last.At))
	if r.mayChange(console.AdoptSources) {
		b.Setup = r.pathTo(sourceSection, "adopt")
	}
	for _, f := range last.Found {
		for i := range b.Unmet {
			if b.Unmet[i].Text != f.Text {
				continue
			}
			documents, err := json.Marshal(console.SourceAdopt{Sources: []console.Doc{f.Source}, Keywords: []console.Doc{f.Keyword}})
			if err != nil {
				return err //nolint:wrapcheck // documents are made of texts
			}
			answer, _, _ := strings.Cut(f.Answer, "\n")
			b.Unmet[i].Found = &demandFound{Title: f.Title, Answer: answer, Documents: string(documents), Keyword: f.Keyword.Text("id")}
		}
	}
	return nil
}

// lookOnSite looks on the publisher's own site for what readers asked in vain.
func (r demandPages) lookOnSite() error {
	days, _ := strconv.Atoi(r.URL.Query().Get("days"))
	_, err := console.LookDemand.Call(r.callContext(), console.DemandLook{Of: r.publisherInput(), Address: r.postedValue("address"), Days: max(days, 0)})
	if err == nil {
		to := r.pathTo(demandSection)
		if days > 0 {
			to += "?days=" + strconv.Itoa(days)
		}
		return r.redirectDone(to, "demand_looked")
	}
	if problems, ok := r.problemsOf(err, ""); ok {
		return r.showDemand(http.StatusUnprocessableEntity, problems[0].Message)
	}
	message, ok := r.sayRefusal(err)
	if !ok {
		return err
	}
	return r.showDemand(console.StatusOf(err), message)
}
