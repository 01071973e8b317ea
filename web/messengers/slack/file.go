package slack

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// upload brings files to Slack (files:write), where nobody sees them before they are shared, and
// returns what Slack calls them.
func (b *Bot) upload(ctx context.Context, all []messengers.Attachment) (ids []string, err error) {
	for _, f := range all {
		var to struct {
			URL string `json:"upload_url"`
			ID  string `json:"file_id"`
		}
		q := url.Values{"filename": {f.Name}, "length": {strconv.Itoa(len(f.Body))}}
		if err := b.Call(ctx, httpapi.Request{Name: "files.getUploadURLExternal", Path: "/files.getUploadURLExternal", Query: q}, &to); err != nil {
			return nil, err
		}
		if at, err := url.Parse(to.URL); err != nil || to.ID == "" || !b.Near(to.URL) && (at.Scheme != "https" || at.Host != filesHost) {
			return nil, b.Unclear()
		}
		err := b.Call(ctx, httpapi.Request{
			Name: "upload", Method: http.MethodPost, Path: to.URL, Body: f.Body, Header: map[string]string{"Content-Type": "application/octet-stream"}, Secret: to.URL, Bare: true,
		}, nil)
		if err != nil && !httpapi.Unclear(err) { // it says "OK" and no more
			return nil, err
		}
		ids = append(ids, to.ID)
	}
	return ids, nil
}

// share shows uploaded files below the message that they came with; where that can't be, their links.
func (b *Bot) share(ctx context.Context, to place, s messengers.Sending, id string, ids []string) {
	_, ts, _ := strings.Cut(id, "/")
	s.Thread = cmp.Or(s.Thread, ts)
	var files []map[string]string
	for i, one := range ids {
		files = append(files, map[string]string{"id": one, "title": s.Files[i].Name})
	}
	if b.Post(ctx, "/files.completeUploadExternal", map[string]any{"files": files, "channel_id": to.channel, "thread_ts": s.Thread}, nil) == nil {
		return
	}
	s.Message = messengers.Message{Text: strings.TrimSpace(linksOf(s.Files))}
	_, _ = b.deliver(ctx, to, s, false) // the message has arrived; trying all of it again would bring it twice
}

// linksOf tells where files lie.
func linksOf(all []messengers.Attachment) string {
	var text strings.Builder
	for _, f := range all {
		text.WriteString("\n" + mrkdwn.Escape(f.Name) + "\n" + f.Link)
	}
	return text.String()
}
