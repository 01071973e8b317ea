package meta

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// ProveToken asks what the token may do and when it ends, and compares that to the rights
// that are needed. A token that may not be asked about is taken as it is.
func (g *Graph) ProveToken(ctx context.Context, needs ...string) (found []messengers.Doubt, err error) {
	var told struct {
		Data struct {
			Scopes []string `json:"scopes"`
			Ends   int64    `json:"expires_at"`
		} `json:"data"`
	}
	err = g.Get(ctx, "/debug_token", url.Values{"input_token": {g.Key()}}, &told)
	switch fault := refusedFor(err); {
	case fault == messengers.Permanent, fault == messengers.TokenInvalid:
		return nil, nil
	case err != nil:
		return nil, g.Tried(err)
	}
	lacks := slices.DeleteFunc(slices.Clone(needs), func(s string) bool { return slices.Contains(told.Data.Scopes, s) })
	if len(told.Data.Scopes) > 0 && len(lacks) > 0 {
		found = append(found, messengers.Doubt{Step: messengers.StepRights, Said: own.Text("scopes_missing", words.Args{"scopes": strings.Join(lacks, ", ")})})
	}
	if ends := time.Unix(told.Data.Ends, 0); told.Data.Ends > 0 && ends.Sub(g.Clock()) < messengers.SoonEnds {
		found = append(found, messengers.Doubt{
			Step: messengers.StepRights, Soon: true, Said: own.Text("token_ends", words.Args{"moment": ends.UTC().Format("2006-01-02 15:04")}),
		})
	}
	return found, nil
}
