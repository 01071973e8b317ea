package console

import (
	"context"
	"net/http"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

// KeywordGet is the input of "keyword.get".
type KeywordGet struct {
	Of
	ID string `json:"id" path:"keyword" doc:"Id of the keyword."`
}

// KeywordCreate is the input of "keyword.create".
type KeywordCreate struct {
	Of
	Keyword Doc `json:"keyword" required:"true"`
}

// KeywordUpdate is the input of "keyword.update".
type KeywordUpdate struct {
	Of
	ID string `json:"id" path:"keyword" doc:"Id of the keyword."`
	Guarded
	Keyword Doc `json:"keyword" required:"true"`
}

// KeywordDelete is the input of "keyword.delete".
type KeywordDelete struct {
	Of
	ID string `json:"id" path:"keyword" doc:"Id of the keyword."`
	Guarded
}

// The operations keyword.*.
var (
	ListKeywords = Declare[KeywordList, KeywordListed](Declaration{
		Name: "keyword.list", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/keywords",
		Summary: "List the keywords of a publisher, by words, source, language or state.",
	})

	GetKeyword = Declare[KeywordGet, KeywordEntry](Declaration{
		Name: "keyword.get", Permission: Read, Method: http.MethodGet, Path: "/publishers/{publisher}/keywords/{keyword}",
		Summary: "Show a keyword and what is doubtful about it.",
	})

	CreateKeyword = Declare[KeywordCreate, KeywordEntry](Declaration{
		Name: "keyword.create", Permission: Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/keywords",
		Status: http.StatusCreated, Summary: "Add a keyword; readers are answered by it at once. Without an id it gets one.",
		Help: "What it could be called as well, keyword.also proposes.",
	})

	UpdateKeyword = Declare[KeywordUpdate, KeywordEntry](Declaration{
		Name: "keyword.update", Permission: Write, Audit: true, Undo: true, Method: http.MethodPut, Path: "/publishers/{publisher}/keywords/{keyword}",
		Summary: "Replace a keyword; readers are answered by the new one at once.",
	})

	DeleteKeyword = Declare[KeywordDelete, None](Declaration{
		Name: "keyword.delete", Permission: Write, Audit: true, Undo: true, Method: http.MethodDelete, Path: "/publishers/{publisher}/keywords/{keyword}",
		Summary: "Remove a keyword; nobody is answered by it any more.",
	})
)

func (p keywords) operations() []Bound {
	s := p.collection()
	return []Bound{
		ListKeywords.Bind(p.listKeywords),
		GetKeyword.Bind(func(ctx context.Context, in KeywordGet) (KeywordEntry, error) {
			return s.get(ctx, in.Publisher, in.ID)
		}),
		CreateKeyword.Bind(func(ctx context.Context, in KeywordCreate) (KeywordEntry, error) {
			return s.create(ctx, in.Publisher, in.Keyword)
		}),
		UpdateKeyword.Bind(func(ctx context.Context, in KeywordUpdate) (KeywordEntry, error) {
			return s.update(ctx, in.Publisher, in.ID, in.Version, in.Keyword)
		}),
		DeleteKeyword.Bind(func(ctx context.Context, in KeywordDelete) (None, error) {
			return s.remove(ctx, in.Publisher, in.ID, in.Version)
		}),
		CheckKeyword.Bind(p.checkKeyword), PreviewKeyword.Bind(p.previewKeyword), AlsoKeyword.Bind(p.proposeWordings),
		RenameKeyword.Bind(func(ctx context.Context, in KeywordRename) (KeywordEntry, error) {
			return s.rename(ctx, in.Publisher, in.ID, in.Renaming)
		}),
		StandInKeyword.Bind(p.putStandIn),
		EndStandIn.Bind(func(ctx context.Context, in KeywordGet) (KeywordEntry, error) {
			return p.setStandIn(ctx, in.Publisher, in.ID, Doc{})
		}),
		BulkKeywords.Bind(p.bulkKeywords), ExportKeywords.Bind(p.exportKeywords), ImportKeywords.Bind(p.importKeywords),
	}
}

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
	Failing  string              `json:"failing,omitempty" doc:"Why its source fails now; empty while it does not."`
	Parts    []string            `json:"parts" doc:"What a reply can show of the source's items."`
}

// CheckKeyword is "keyword.check".
var CheckKeyword = Declare[KeywordCheck, KeywordChecked](Declaration{
	Name: "keyword.check", Permission: Read, Method: http.MethodPost, Path: "/publishers/{publisher}/check/keyword",
	Summary: "Say what is wrong with a keyword without saving it.",
})

func (p keywords) checkKeyword(ctx context.Context, in KeywordCheck) (KeywordChecked, error) {
	out := KeywordChecked{Findings: []catalogue.Finding{}, Problems: settings.Problems{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	r := &review{}
	d := p.docWithID(r, pub, in.Keyword, in.ID)
	if in.ID == "" {
		r.problems = append(r.problems, p.collection().checkNewID(pub, d.Text("id")).problems...)
	}
	k := p.judgeKeyword(r, pub, d)
	if r.mistake != nil {
		return out, r.mistake
	}
	out.Findings, out.Failing = saidFindings(ctx, append(findingsOf(pub, k), k.CheckOver(p.Clock())...)), p.newKeywordStates(ctx, pub).sourceError(&k)
	out.Problems = append(out.Problems, r.problems.In(CallerLanguage(ctx))...)
	s, ok := pub.Source(k.Source)
	if !ok {
		s = &catalogue.Source{}
	}
	out.Parts, _ = p.sourceParts(*s)
	return out, nil
}

// docWithID returns a keyword's document under the id that it has or would get.
func (p keywords) docWithID(r *review, pub *catalogue.Setup, d Doc, id string) Doc {
	d = r.plainDoc(catalogue.ResourceKeyword, d)
	if id != "" {
		return p.collection().sameID(r, d, id)
	}
	d, _ = p.collection().withID(pub, d)
	return d
}
