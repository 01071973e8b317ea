package links

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"keypull/pull"
	"keypull/web/messengers"
)

// Answers gives what a keyword answers now, of which moment that is, and whether it
// is an answer.
type Answers func(ctx context.Context, publisher, keyword, language string) (reply pull.Reply, of time.Time, answered bool)

// heard is how much of an answer a briefing reads out: Alexa takes 4,500 letters.
var heard = messengers.Limits{Text: 4500, Unit: messengers.Runes, Messages: 1, Speech: true} //nolint:gochecknoglobals // a value that nobody changes

// item is one of a flash briefing.
type item struct {
	UID     string `json:"uid"`
	Updated string `json:"updateDate"`
	Title   string `json:"titleText"`
	Text    string `json:"mainText"`
	Link    string `json:"redirectionUrl,omitempty"`
}

// serveBriefing is a keyword's answer as Alexa's Flash Briefing Skill API reads it, for
// keywords whose editors have said so.
func (p Pages) serveBriefing(w http.ResponseWriter, r *http.Request) {
	id, isJSON := strings.CutSuffix(r.PathValue("file"), ".json")
	a, ok := p.Keyword(r.PathValue("publisher"), id, r.URL.Query().Get("lang"))
	if !ok || !isJSON || !a.Keyword.Briefing || p.Answers == nil {
		writeProblem(w, r, http.StatusNotFound, "web.no_keyword")
		return
	}
	reply, of, answered := p.Answers(r.Context(), a.Publisher.ID, a.Keyword.ID, a.Language)
	if !answered {
		w.Header().Set("Retry-After", "60")
		writeProblem(w, r, http.StatusServiceUnavailable, "web.later")
		return
	}
	// An item of texts always can be JSON.
	body, _ := json.Marshal([]item{p.briefingItem(a, reply, of)})
	p.writeBody(w, "application/json; charset=utf-8", body)
}

func (p Pages) briefingItem(a Asked, r pull.Reply, of time.Time) item {
	told := item{Title: a.Word, Updated: of.UTC().Format("2006-01-02T15:04:05.0Z")}
	if of.IsZero() {
		told.Updated = p.Clock().UTC().Format("2006-01-02T15:04:05.0Z")
	}
	lasting := r
	lasting.Blocks = nil
	for _, b := range r.Blocks {
		switch {
		case b.Kind == pull.Stamp:
			continue
		case b.Kind == pull.Title && told.Title == a.Word:
			told.Title = b.Text
		case b.Kind == pull.Link && told.Link == "":
			told.Link = b.URL
		}
		lasting.Blocks = append(lasting.Blocks, b)
	}
	told.Text = spokenText(r)
	// What was told before is told by the same id, however old it has become.
	sum := sha256.Sum256([]byte(a.Publisher.ID + "/" + a.Keyword.ID + "/" + a.Language + "\n" + spokenText(lasting)))
	told.UID = "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, sum[:]).String()
	return told
}

func spokenText(r pull.Reply) string {
	var all []string
	for _, m := range messengers.Shape(r, heard) {
		all = append(all, m.Voice)
	}
	return strings.Join(all, "\n")
}
