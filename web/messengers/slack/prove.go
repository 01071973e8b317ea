package slack

import (
	"context"
	"slices"
	"strings"

	"keypull/pull/words"
	"keypull/web/messengers"
)

// Prove compares the scopes of the token to those that events and answers need.
func (b *Bot) Prove(ctx context.Context) ([]messengers.Doubt, error) {
	if err := b.Try(ctx); err != nil {
		return nil, err
	}
	told := b.rights.Load()
	if told == nil {
		return nil, nil
	}
	var has []string
	for one := range strings.SplitSeq(*told, ",") {
		has = append(has, strings.TrimSpace(one))
	}
	lacks := slices.DeleteFunc(scopes(), func(s string) bool { return slices.Contains(has, s) })
	if len(lacks) == 0 {
		return nil, nil
	}
	return []messengers.Doubt{{Step: messengers.StepRights, Said: own.Text("scopes_missing", words.Args{"scopes": strings.Join(lacks, ", ")})}}, nil
}
