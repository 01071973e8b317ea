package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// KeywordStandIn is the input of "keyword.stand_in".
type KeywordStandIn struct {
	Of
	ID      string `json:"id" path:"keyword" doc:"Id of the keyword."`
	StandIn Doc    `json:"stand_in" required:"true" doc:"What readers are told: text (one, or one per language), until, and before, where it stands before the keyword's answer and not in its place."`
}

// The operations by which a text answers for a keyword for a while.
var (
	StandInKeyword = Declare[KeywordStandIn, KeywordEntry](Declaration{
		Name: "keyword.stand_in", Permission: Write, Audit: true, Undo: true, Method: http.MethodPut, Path: "/publishers/{publisher}/keywords/{keyword}/stand_in",
		Summary: "Have a text answer for a keyword until a moment, in place of its answer or before it. It ends by itself.",
	})

	EndStandIn = Declare[KeywordGet, KeywordEntry](Declaration{
		Name: "keyword.end_stand_in", Permission: Write, Audit: true, Undo: true, Method: http.MethodDelete, Path: "/publishers/{publisher}/keywords/{keyword}/stand_in",
		Summary: "Have a keyword answer by itself again.",
	})
)

// standInField is the field of keywords that both change.
const standInField = "stand_in"

func (p keywords) putStandIn(ctx context.Context, in KeywordStandIn) (KeywordEntry, error) {
	until, err := time.Parse(time.RFC3339, in.StandIn.Text("until"))
	if _, given := in.StandIn["until"]; in.StandIn["text"] == nil || given && err == nil && !until.After(p.Clock()) {
		return KeywordEntry{}, settings.Problems{settings.Wrong("keyword."+standInField+".until", words.Text{Key: "catalogue.stand_in_now"})}
	}
	return p.setStandIn(ctx, in.Publisher, in.ID, in.StandIn)
}

// setStandIn changes that one field of a keyword, whatever others change meanwhile.
func (p keywords) setStandIn(ctx context.Context, publisher, id string, text Doc) (KeywordEntry, error) {
	s := p.collection()
	for range attempts {
		e, err := s.get(ctx, publisher, id)
		if err != nil {
			return e, err
		}
		d := e.Keyword.withField(standInField, map[string]any(text))
		e, err = s.update(ctx, publisher, id, e.Version, d)
		if stale := new(Stale); errors.As(err, &stale) {
			continue
		}
		return e, err
	}
	return KeywordEntry{}, s.busyError()
}

// StandingIn is a keyword for which a text answers now.
type StandingIn struct {
	Keyword string              `json:"keyword" doc:"Id of the keyword."`
	Text    catalogue.Localised `json:"text"`
	Before  bool                `json:"before,omitempty" doc:"It stands before the keyword's answer."`
	Until   time.Time           `json:"until" doc:"When it goes by itself."`
}

// standingIn returns those of a publisher at a moment.
func standingIn(pub *catalogue.Setup, at time.Time) []StandingIn {
	all := []StandingIn{}
	for i := range pub.Keywords {
		if k := &pub.Keywords[i]; k.StandIn.Until != nil && k.StandIn.TextAt(at, "") != "" {
			all = append(all, StandingIn{k.ID, k.StandIn.Text, k.StandIn.Before, *k.StandIn.Until})
		}
	}
	return all
}
