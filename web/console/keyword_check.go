package console

import (
	"context"
	"net/http"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

// KeywordCheck is the input of "keyword.check": a keyword as it might be
// saved.
type KeywordCheck struct {
	Of
	Keyword Doc    `json:"keyword" required:"true"`
	ID      string `json:"id,omitempty" doc:"Id of the keyword that it would replace."`
}

// KeywordChecked is the output.
type KeywordChecked struct {
	Findings []catalogue.Finding `json:"findings" doc:"What is doubtful or wrong beside the publisher's other keywords; paths begin in the keyword."`
	Problems settings.Problems   `json:"problems" doc:"What would be refused; those of templates tell line and column in their args."`
	Parts    []string            `json:"parts" doc:"What a reply can show of the source's items."`
}

// CheckKeyword is "keyword.check".
var CheckKeyword = Declare[KeywordCheck, KeywordChecked](Declaration{
	Name: "keyword.check", Permission: Read, Method: http.MethodPost, Path: "/publishers/{publisher}/check/keyword",
	Summary: "Say what is wrong with a keyword without saving it.",
})

func (p keywords) check(ctx context.Context, in KeywordCheck) (KeywordChecked, error) {
	out := KeywordChecked{Findings: []catalogue.Finding{}, Problems: settings.Problems{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	r := &review{}
	d := p.drafted(r, pub, in.Keyword, in.ID)
	if _, twice := pub.Keyword(d.text("id")); twice && in.ID == "" {
		r.problems = append(r.problems, p.collection().taken(d.text("id")).problems...)
	}
	k := p.judge(r, pub, d)
	if r.mistake != nil {
		return out, r.mistake
	}
	out.Findings = saidFindings(ctx, findingsOf(pub, k))
	out.Problems = append(out.Problems, r.problems.In(spoken(ctx))...)
	s, ok := pub.Source(k.Source)
	if !ok {
		s = &catalogue.Source{}
	}
	out.Parts, _ = p.parts(s.Kind)
	return out, nil
}

// drafted returns a keyword's document under the id that it has or would get.
func (p keywords) drafted(r *review, pub *catalogue.Setup, d Doc, id string) Doc {
	d = r.plain(catalogue.NounKeyword, d)
	if id != "" {
		return p.collection().sameID(r, d, id)
	}
	d, _ = p.collection().identified(pub, d)
	return d
}
