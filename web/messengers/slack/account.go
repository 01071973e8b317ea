package slack

import (
	"context"
	"net/url"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
)

// meet asks Slack whose token it is.
func (b *Bot) meet(ctx context.Context) error {
	var got struct {
		Team   string `json:"team"`
		TeamID string `json:"team_id"`
		User   string `json:"user"`
		UserID string `json:"user_id"`
		AppID  string `json:"app_id"`
	}
	if err := b.Post(ctx, "/auth.test", struct{}{}, &got); err != nil {
		return err
	}
	me := self{App: got.AppID, Team: got.TeamID, User: got.UserID, Name: got.User, Workspace: got.Team}
	if known := b.me.Load(); known != nil && me.App == "" {
		me.App = known.App
	}
	b.me.Store(&me)
	return nil
}

// Try asks Slack whose token it is, and whether it is that of the workspace.
func (b *Bot) Try(ctx context.Context) error {
	if err := b.Client.Try(ctx); err != nil {
		return err
	}
	if me := b.me.Load(); b.team != "" && me.Team != b.team {
		return &pull.Error{Kind: pull.Denied, Op: "auth.test", Field: "team_id", Hint: own.Text("other_team", words.Args{"team": me.Team})}
	}
	return nil
}

// Whose says whose app it is, and where.
func (l *Lone) Whose() words.Text {
	me := l.me.Load()
	if me == nil || me.Name == "" {
		return words.Text{}
	}
	return own.Text("whose", words.Args{"name": "@" + me.Name, "workspace": me.Workspace})
}

// Link opens the app in its workspace. Slack's links carry no words to ask, and
// there is none before the app's id is known.
func (b *Bot) Link(string) string {
	me := b.me.Load()
	if me == nil || me.App == "" || me.Team == "" {
		return ""
	}
	return "https://slack.com/app_redirect?" + url.Values{"app": {me.App}, "team": {me.Team}}.Encode()
}

// Identify takes the id of a person or channel with the workspace's before it;
// without, it is of the workspace that the channel is for.
func (b *Bot) Identify(typed string) (string, bool) {
	typed = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(typed, "<@"), "<#"), ">")
	team, id, both := strings.Cut(typed, "/")
	if !both {
		team, id = b.team, typed
		if me := b.me.Load(); team == "" && me != nil {
			team = me.Team
		}
	}
	id, _, _ = strings.Cut(id, "/")
	if !isID(team) || !isID(id) {
		return "", false
	}
	return team + "/" + id, true
}
