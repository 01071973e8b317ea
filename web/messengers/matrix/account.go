package matrix

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// whoami returns what the homeserver calls the account.
func (a *account) whoami(ctx context.Context) error {
	var me struct {
		ID string `json:"user_id"`
	}
	if err := a.call(ctx, http.MethodGet, []string{"account", "whoami"}, nil, &me); err != nil {
		return err
	}
	if !userID(me.ID) {
		return a.Unclear()
	}
	a.me.Store(&me.ID)
	a.Belongs(own.Text("whose", words.Args{"user": me.ID}))
	return nil
}

// introduced asks for our id, without which we could answer ourselves, and for
// our name.
func (a *account) introduced(ctx context.Context) error {
	if a.self() == "" {
		if err := a.whoami(ctx); err != nil {
			return err
		}
	}
	if a.name.Load() == nil {
		if name, err := a.shown(ctx); err == nil {
			a.name.Store(&name)
		} else if httpapi.Denies(err) {
			return err
		}
	}
	return nil
}

// Introduce asks what the account is called. That it fails is told where it
// matters.
func (a *account) Introduce(ctx context.Context) {
	if a.self() != "" {
		return
	}
	if err := a.introduced(ctx); err != nil {
		a.logger.Warn("the homeserver does not tell whose token it is", "error", err)
	}
}

// shown returns the name that others see, or "" if there is none.
func (a *account) shown(ctx context.Context) (string, error) {
	var profile struct {
		Name string `json:"displayname"`
	}
	err := a.call(ctx, http.MethodGet, []string{"profile", a.self(), "displayname"}, nil, &profile)
	if absent(err) {
		err = nil
	}
	return profile.Name, err
}

// SyncProfile holds the name that others see against the publisher's. There is nothing
// else to set: events are fetched, or come by the registration.
func (a *account) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	if err := a.Try(ctx); err != nil {
		return nil, err
	}
	has, err := a.shown(ctx)
	if err != nil || f.Name == "" || has == f.Name {
		return nil, err
	}
	drift := []messengers.Drift{{Part: "profile", Has: has, Wants: f.Name}}
	if !mend {
		return drift, nil
	}
	if err := a.call(ctx, http.MethodPut, []string{"profile", a.self(), "displayname"}, map[string]string{"displayname": f.Name}, nil); err != nil {
		return drift, err
	}
	a.name.Store(&f.Name)
	return drift, nil
}

// Answers asks for the versions that the homeserver speaks, which takes no
// account. Whatever it says is an answer, but that it has failed.
func (a *account) Answers(ctx context.Context) error {
	return httpapi.Heard(a.Get(ctx, "/_matrix/client/versions", nil))
}

// Link opens a conversation with the account. No words go with it.
func (a *account) Link(string) string {
	if a.self() == "" {
		return ""
	}
	return "https://matrix.to/#/" + a.self()
}

// Identify takes the id of somebody or of a room, or a link to it.
func (*account) Identify(typed string) (string, bool) {
	if rest, ok := strings.CutPrefix(typed, "https://matrix.to/#/"); ok {
		typed, _, _ = strings.Cut(rest, "?")
		if plain, err := url.PathUnescape(typed); err == nil {
			typed = plain
		}
	}
	if rest, ok := strings.CutPrefix(typed, "matrix:u/"); ok {
		rest, _, _ = strings.Cut(rest, "?")
		typed = "@" + rest
	}
	return typed, userID(typed) || roomID(typed)
}
