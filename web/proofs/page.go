package proofs

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/proof"
	"keypull/pull/when"
	"keypull/pull/words"
	"keypull/web/messengers"
)

//go:embed static
var static embed.FS

//go:embed words
var files embed.FS

// own is what the pages say beside what chats say.
var own = words.Own(files)

var views = template.Must(template.ParseFS(static, "static/*.html"))

// Root is the address below which the pages lie, PublicKeys where the keys of all times
// are.
const (
	Root       = "/proof"
	PublicKeys = "/.well-known/keypull-keys.json"
)

// maxForm is how much a form may hold, in bytes.
const maxForm = 64 << 10

// Handler returns the pages' handler, paths unchanged.
func (p *Prover) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root+"/proof.css", func(w http.ResponseWriter, _ *http.Request) {
		style, _ := static.ReadFile("static/proof.css")
		writeBody(w, http.StatusOK, "text/css; charset=utf-8", "public, max-age=300", style)
	})
	mux.HandleFunc("GET "+Root+"/{publisher}", p.serveForm)
	mux.HandleFunc("POST "+Root+"/{publisher}", p.servePosted)
	mux.HandleFunc("GET "+Root+"/{publisher}/{code}", func(w http.ResponseWriter, r *http.Request) {
		p.serveProof(w, r, pull.Checked{Code: proof.ParseCode(r.PathValue("code"))}, r.PathValue("code"))
	})
	mux.HandleFunc("GET "+PublicKeys, p.serveKeys)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		messengers.Problem{Status: http.StatusNotFound, Said: words.Text{Key: "web.nothing"}}.Write(w, r)
	})
	return mux
}

// shownPublisher returns a publisher that pages show; nil where there is none, or it is for
// staff only.
func (p *Prover) shownPublisher(id string) *catalogue.Setup {
	of := p.Publishers.Publisher(id)
	if of == nil || of.StaffOnly {
		return nil
	}
	return of
}

// ProvenAnswer is an answer that was proved, as programs read it.
type ProvenAnswer struct {
	Publisher string `json:"publisher"`
	Name      string `json:"name" doc:"What the publisher is called."`
	Code      string `json:"code"`
	// Item and Link are those of the first item, Keyword is the first one.
	Item     string       `json:"item,omitempty" doc:"The title of the first item, or its id."`
	Link     string       `json:"link,omitempty" doc:"The link of the first item."`
	Keyword  string       `json:"keyword" doc:"Id of the first keyword that was answered."`
	Keywords []string     `json:"keywords" doc:"Ids of all keywords that were answered."`
	Items    []ProvenItem `json:"items"`
	Told     string       `json:"told,omitempty" doc:"What the answer said of them."`
	AsOf     time.Time    `json:"as_of,omitzero" doc:"The moment for which it was true."`
	Fetched  time.Time    `json:"fetched,omitzero" doc:"When the source was asked."`
	Sent     time.Time    `json:"sent" doc:"When the answer left."`
	// Withdrawn says that the items are told nobody any more; then only times are told.
	Withdrawn   bool     `json:"withdrawn" doc:"What it told was withdrawn since, and is not told here either."`
	Corrected   bool     `json:"corrected"`
	Corrections []string `json:"corrections,omitempty" doc:"What is said beside it since."`
	// Text proves the same by itself.
	Text string `json:"text,omitempty" doc:"A signed text that proves the same by itself, also when nothing of the answer is kept any more."`
}

// ProvenItem is an item that was told.
type ProvenItem struct {
	ID    string `json:"id,omitempty"`
	Title string `json:"title,omitempty"`
	Link  string `json:"link,omitempty"`
}

func newProvenAnswer(p pull.Proven) ProvenAnswer {
	a := ProvenAnswer{
		Publisher: p.Publisher, Name: p.Name, Code: p.Code.String(), Keywords: p.Keywords, Items: []ProvenItem{}, Told: p.Told,
		AsOf: momentOf(p.AsOf), Fetched: momentOf(p.Fetched), Sent: momentOf(p.Sent),
		Withdrawn: p.Withdrawn, Corrected: len(p.Corrections) > 0, Corrections: p.Corrections, Text: p.Text,
	}
	if len(p.Keywords) > 0 {
		a.Keyword = p.Keywords[0]
	}
	for _, it := range p.Items {
		if one := (ProvenItem{ID: it.ID, Title: it.Title, Link: it.Link}); one != (ProvenItem{}) {
			a.Items = append(a.Items, one)
		}
	}
	if len(a.Items) > 0 {
		a.Item, a.Link = cmp.Or(a.Items[0].Title, a.Items[0].ID), a.Items[0].Link
	}
	return a
}

func momentOf(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}

// shown is what a page shows.
type shown struct {
	Language, Direction string
	Action, Said        string
	Title, Lead         string
	Field, Check, Keep  string
	Refusal, Verdict    string
	Told                string
	Items               []ProvenItem
	About, Since        []string
	Text                string
}

// page returns what every page of a publisher shows.
func (p *Prover) page(r *http.Request, publisher string) shown {
	language := words.Accepted(r.Header.Get("Accept-Language"))
	if tag := r.URL.Query().Get("lang"); words.Serves(tag) {
		language = tag
	}
	name := publisher
	if setup := p.shownPublisher(publisher); setup != nil {
		name = setup.Name
	}
	say := func(key string) string { return own.Say(language, key, words.Args{"name": name}) }
	return shown{
		Language: language, Direction: words.Direction(language), Action: Root + "/" + publisher,
		Title: say("title"), Lead: say("lead"), Field: say("field"), Check: say("check"), Keep: say("keep"),
	}
}

// serveForm asks what is to be checked.
func (p *Prover) serveForm(w http.ResponseWriter, r *http.Request) {
	publisher := r.PathValue("publisher")
	if p.shownPublisher(publisher) == nil {
		messengers.Problem{Status: http.StatusNotFound, Said: words.Text{Key: "web.nothing"}}.Write(w, r)
		return
	}
	p.writePage(w, r, http.StatusOK, p.page(r, publisher))
}

// servePosted checks what was put into the form: a code, or a signed text. Programs may
// post the text as it is.
func (p *Prover) servePosted(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	var said string
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/plain") {
		var b bytes.Buffer
		if _, err := b.ReadFrom(r.Body); err != nil {
			messengers.Problem{Status: http.StatusRequestEntityTooLarge, Said: messengers.StatusText(http.StatusRequestEntityTooLarge)}.Write(w, r)
			return
		}
		said = b.String()
	} else {
		said = r.PostFormValue("said")
	}
	checked := pull.Checked{Text: said}
	if !proof.Looks(said) {
		checked = pull.Checked{Code: proof.ParseCode(said)}
	}
	p.serveProof(w, r, checked, said)
}

// serveProof tells what a code or a text proves.
func (p *Prover) serveProof(w http.ResponseWriter, r *http.Request, checked pull.Checked, said string) {
	publisher := r.PathValue("publisher")
	proven, err := pull.Proven{}, p.admit("address "+messengers.Network(r.RemoteAddr))
	if err == nil && p.shownPublisher(publisher) == nil {
		err = &pull.Error{Kind: pull.Unknown, Op: "prove"}
	}
	if err == nil {
		proven, err = p.Prove(r.Context(), publisher, checked)
	}
	s := p.page(r, publisher)
	if err != nil {
		p.refuse(w, r, err, s, publisher, said)
		return
	}
	answer := newProvenAnswer(proven)
	w.Header().Set("Vary", "Accept, Accept-Language")
	if wantsJSON(r) {
		body, _ := json.Marshal(answer) // texts, times and truths always can be
		writeBody(w, http.StatusOK, "application/json; charset=utf-8", "no-store", body)
		return
	}
	p.writePage(w, r, http.StatusOK, p.proven(s, publisher, proven, answer))
}

// proven fills a page with what was proved.
func (p *Prover) proven(s shown, publisher string, proven pull.Proven, a ProvenAnswer) shown {
	core := func(key string, args words.Args) string { return words.Core().Say(s.Language, "reply."+key, args) }
	zone, named := time.UTC, map[string]string{}
	if setup := p.shownPublisher(publisher); setup != nil {
		if z, err := time.LoadLocation(setup.TimeZone); err == nil {
			zone = z
		}
		for i := range setup.Keywords {
			k := &setup.Keywords[i]
			named[k.ID] = k.Name(append([]string{s.Language}, setup.Languages...))
		}
	}
	moment := func(t time.Time) string {
		return when.Dated(t, p.Clock(), zone, s.Language) + " (" + zone.String() + ")"
	}
	s.Verdict = core("proof_true", words.Args{"publisher": proven.Name, "sent": moment(a.Sent)})
	s.Items, s.Told, s.Text = a.Items, a.Told, a.Text
	var keywords []string
	for _, id := range a.Keywords {
		keywords = append(keywords, cmp.Or(named[id], id))
	}
	s.Items = slices.Clone(s.Items)
	for i := range s.Items {
		if it := &s.Items[i]; it.Title == "" && it.ID != "" && len(keywords) > 0 {
			it.Title = keywords[min(i, len(keywords)-1)] // ids are no words for readers
		}
	}
	s.About = append(s.About, core("proof_about", words.Args{"keyword": strings.Join(keywords, ", ")}))
	if !a.AsOf.IsZero() {
		s.About = append(s.About, core("proof_as_of", words.Args{"moment": moment(a.AsOf)}))
	}
	if !a.Fetched.IsZero() {
		s.About = append(s.About, core("proof_fetched", words.Args{"moment": moment(a.Fetched)}))
	}
	if a.Withdrawn {
		s.Since = append(s.Since, core("proof_withdrawn", nil))
	}
	for _, line := range a.Corrections {
		s.Since = append(s.Since, core("proof_amended", words.Args{"text": line}))
	}
	return s
}

// refuse says that nothing was proved: whatever the reason is, in the same words.
func (p *Prover) refuse(w http.ResponseWriter, r *http.Request, err error, s shown, publisher, said string) {
	problem := messengers.Problem{Status: http.StatusNotFound}
	name := publisher
	if setup := p.shownPublisher(publisher); setup != nil {
		name = setup.Name
	}
	problem.Said = words.Text{Key: "reply.proof_unknown", Args: words.Args{"publisher": name}}
	switch kind := pull.KindOf(err); {
	case kind == pull.Limited:
		problem.Status, problem.Said, problem.RetryAfter = http.StatusTooManyRequests, words.Text{Key: "reply.proof_limited"}, time.Minute/tries
	case kind != pull.Unknown && kind != pull.Invalid:
		p.Logger.Error("a proof could not be looked up", "publisher", publisher, "error", err)
		problem.Status, problem.Said = http.StatusServiceUnavailable, words.Text{Key: "web.later"}
	}
	if wantsJSON(r) || p.shownPublisher(publisher) == nil {
		problem.Write(w, r)
		return
	}
	if problem.RetryAfter > 0 {
		w.Header().Set("Retry-After", "6")
	}
	const quoted = 400
	if s.Refusal = problem.Said.In(s.Language); len(said) <= quoted {
		s.Said = said
	}
	p.writePage(w, r, problem.Status, s)
}

func (p *Prover) writePage(w http.ResponseWriter, r *http.Request, status int, s shown) {
	var b bytes.Buffer
	if err := views.ExecuteTemplate(&b, "proof.html", s); err != nil {
		messengers.Problem{Status: http.StatusInternalServerError, Said: words.Text{Key: "web.internal"}}.Write(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Language", s.Language)
	writeBody(w, status, "text/html; charset=utf-8", "no-store", b.Bytes())
}

// publicKey is a key as JSON Web Keys have it (RFC 7517, RFC 8037), with whose it is and
// when texts were signed by it.
type publicKey struct {
	Type      string    `json:"kty"`
	Curve     string    `json:"crv"`
	ID        string    `json:"kid"`
	Use       string    `json:"use"`
	Algorithm string    `json:"alg"`
	X         string    `json:"x"`
	Publisher string    `json:"publisher"`
	From      time.Time `json:"from"`
	Until     time.Time `json:"until,omitzero"`
}

func newPublicKey(publisher string, k proof.PublicKey) publicKey {
	return publicKey{
		Type: "OKP", Curve: "Ed25519", ID: k.ID, Use: "sig", Algorithm: "EdDSA", X: base64.RawURLEncoding.EncodeToString(k.Key),
		Publisher: publisher, From: k.From, Until: k.Until,
	}
}

// serveKeys lists the public keys of all times.
func (p *Prover) serveKeys(w http.ResponseWriter, r *http.Request) {
	all, err := p.Keys.All(r.Context())
	if err != nil {
		p.Logger.Error("public keys could not be listed", "error", err)
		messengers.Problem{Status: http.StatusServiceUnavailable, Said: words.Text{Key: "web.later"}}.Write(w, r)
		return
	}
	told := struct {
		Keys []publicKey `json:"keys"`
	}{[]publicKey{}}
	for _, publisher := range slices.Sorted(maps.Keys(all)) {
		if of := p.Publishers.Publisher(publisher); of != nil && of.StaffOnly {
			continue
		}
		for _, k := range all[publisher] {
			told.Keys = append(told.Keys, newPublicKey(publisher, k))
		}
	}
	body, _ := json.Marshal(told) // texts and times always can be
	w.Header().Set("Access-Control-Allow-Origin", "*")
	writeBody(w, http.StatusOK, "application/json; charset=utf-8", "public, max-age=60", body)
}

// wantsJSON reports whether a program asks.
func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}

func writeBody(w http.ResponseWriter, status int, kind, cached string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cached)
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
