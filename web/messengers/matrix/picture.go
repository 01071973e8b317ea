package matrix

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// picture is what a homeserver calls one that was brought there; "" of one that could
// not be, for a while.
type picture struct {
	uri   string
	kind  string
	bytes int
	until time.Time
}

const (
	maxPictures = 500
	// keepPicture is for how long one is not brought again, and againAfter for how
	// long one is not tried again that could not be.
	keepPicture = 24 * time.Hour
	againAfter  = 5 * time.Minute
	bringWithin = 10 * time.Second
)

// show sends the picture of a message as an event of its own, and reports
// whether that is there. Where it is not, its link stands in the text.
func (a *account) show(ctx context.Context, s messengers.Sending) bool {
	m := s.Media[0]
	if m.Type != what.Image || len(s.Media) > 1 {
		return false
	}
	p := a.bring(ctx, m.URL)
	if p.uri == "" {
		return false
	}
	name := fileName(m.URL, p.kind)
	event := message{Kind: "m.image", Body: m.Alt, FileName: name, URL: p.uri, Source: m.URL, Info: &info{Type: p.kind, Size: p.bytes}, Relates: related(s)}
	if event.Body == "" {
		event.Body, event.FileName = name, ""
	}
	_, err := a.put(ctx, s.Address, s.Key+"-picture", event)
	return err == nil
}

// bring fetches a picture and uploads it, once for all who are shown it.
func (a *account) bring(ctx context.Context, address string) picture {
	if known := a.pictures.Get(address); a.Clock().Before(known.until) {
		return known
	}
	ctx, cancel := context.WithTimeout(ctx, bringWithin)
	defer cancel()
	p := a.upload(ctx, address)
	if p.until = a.Clock().Add(keepPicture); p.uri == "" {
		p.until = a.Clock().Add(againAfter)
	}
	a.pictures.Put(address, p)
	return p
}

func (a *account) upload(ctx context.Context, address string) (p picture) {
	res, err := a.HTTP.Do(ctx, outside.Request{URL: address, MaxBytes: maxPicture})
	if err != nil || res.Status != http.StatusOK || len(res.Body) == 0 {
		return p
	}
	// What is no picture by its own bytes is none, whatever its server says.
	p.kind, p.bytes = http.DetectContentType(res.Body), len(res.Body)
	if !strings.HasPrefix(p.kind, "image/") {
		return picture{}
	}
	var stored struct {
		URI string `json:"content_uri"`
	}
	err = a.Call(ctx, httpapi.Request{
		Path: "/_matrix/media/v3/upload", Query: url.Values{"filename": {fileName(address, p.kind)}},
		Header: map[string]string{"Content-Type": p.kind}, Body: res.Body, Timeout: bringWithin,
	}, &stored)
	if err != nil || !strings.HasPrefix(stored.URI, "mxc://") {
		a.logger.Debug("a picture could not be brought to the homeserver", "error", err)
		return picture{}
	}
	p.uri = stored.URI
	return p
}

// fileName returns what a picture is called where it is kept.
func fileName(address, kind string) string {
	if u, err := url.Parse(address); err == nil {
		if name := path.Base(u.Path); name != "." && name != "/" && len(name) < 100 {
			return name
		}
	}
	kind, _, _ = strings.Cut(kind, ";")
	return "picture." + strings.TrimPrefix(kind, "image/")
}
