package desk

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/talk"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Files is where files of conversations lie for who has their links: the publisher's people, and
// readers to whom they sent one.
const Files = "/file"

// Rules of fetching.
const (
	// fetchAgain is when it is tried anew, fetchFor until when; what waits for the file goes on then
	// without it.
	fetchAgain = 20 * time.Second
	fetchFor   = 30 * time.Minute
	// looseFor is after how long a file is dropped that belongs to no conversation, looseEvery how
	// often it is looked for such.
	looseFor   = 24 * time.Hour
	looseEvery = time.Hour
	// heldRef begins what a file is called that came with its message.
	heldRef = "held:"
	mebi    = 1 << 20
)

// fetches is what is being fetched.
type fetches struct {
	mu    sync.Mutex
	busy  map[string]bool
	next  map[who.Key]time.Time
	swept time.Time
}

// begin reports whether files of a publisher may be fetched now.
func (f *fetches) begin(publisher string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy[publisher] {
		return false
	}
	if f.busy == nil {
		f.busy, f.next = map[string]bool{}, map[who.Key]time.Time{}
	}
	f.busy[publisher] = true
	return true
}

func (f *fetches) end(publisher string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.busy, publisher)
}

// due reports whether a reader's files may be fetched at a moment.
func (f *fetches) due(key who.Key, at time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !at.Before(f.next[key])
}

// putOff has it tried anew later, or not any more.
func (f *fetches) putOff(key who.Key, until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.next[key] = until; until.IsZero() {
		delete(f.next, key)
	}
}

// Hold keeps what came with a message itself, until it is known whether the message is part of a
// conversation. Where nobody answers readers, nothing is kept.
func (d *Desk) Hold(ctx context.Context, key who.Key, all []what.Media) error {
	for i := range all {
		m := &all[i]
		if large := m.Ref == "" && m.URL == "" && m.Bytes > talk.MaxFile; m.Data == "" && !large {
			continue
		}
		m.Bytes = max(m.Bytes, int64(len(m.Data)))
		data := []byte(m.Data)
		m.Data = ""
		publisher := (&talk.Head{Reader: key}).Publisher()
		if !d.carries(publisher) && !d.Staffed(publisher, d.Clock()) {
			continue
		}
		if err := d.holdData(ctx, key, m, data); err != nil {
			return err
		}
	}
	return nil
}

// holdData keeps what a file is made of until it belongs to a line. One that is too large is told
// to be so, and not kept.
func (d *Desk) holdData(ctx context.Context, key who.Key, m *what.Media, data []byte) error {
	mark := talk.Fingerprint(d.newToken())
	if m.Ref = heldRef + mark; m.Bytes > talk.MaxFile {
		return nil
	}
	return d.Talks.HoldFile(ctx, key, mark, data) //nolint:wrapcheck // the store says what it is
}

// attachUploads has files of a person go with a line, which are refused where they can't be passed
// on.
func (d *Desk) attachUploads(ctx context.Context, key who.Key, l *talk.Line, all []FileUpload) error {
	var problems settings.Problems
	if len(all) > talk.MaxFiles {
		problems = append(problems, settings.Wrong("files", words.Text{Key: "file.many", Args: words.Args{"n": talk.MaxFiles}}))
	}
	checked := make([]talk.File, len(all))
	for i, one := range all {
		f := &checked[i]
		if f.Name = messengers.Clean(one.Name); f.Name == "" {
			f.Name = "file"
		}
		if f.Check(one.Data); f.Lost != "" {
			problems = append(problems, settings.Wrong("files["+strconv.Itoa(i)+"]", words.Text{Key: "file.refused", Args: words.Args{"name": f.Name, "reason": lostText(f)}}))
		}
	}
	if len(problems) > 0 {
		return problems
	}
	if len(all) == 0 {
		return nil
	}
	t, _, err := d.Talks.Get(ctx, key)
	if err != nil || t.Has(l.Key) {
		return err //nolint:wrapcheck // the store says what it is
	}
	media := make([]what.Media, len(all))
	for i, f := range checked {
		media[i] = what.Media{Type: f.Type, Name: f.Name, Bytes: f.Bytes}
		if err := d.holdData(ctx, key, &media[i], all[i].Data); err != nil {
			return err
		}
	}
	l.Attach(media, d.newToken)
	return nil
}

// fetchAll fetches what came with lines, a publisher's beside another's.
func (d *Desk) fetchAll(ctx context.Context) {
	waiting, now := map[string][]who.Key{}, d.Clock()
	d.mu.Lock()
	for key, h := range d.heads {
		if h.Unfetched && d.fetching.due(key, now) {
			waiting[h.Publisher()] = append(waiting[h.Publisher()], key)
		}
	}
	d.mu.Unlock()
	for publisher, keys := range waiting {
		if !d.fetching.begin(publisher) {
			continue
		}
		d.carrying.Go(func() {
			defer d.stir()
			defer d.fetching.end(publisher)
			var failed error
			defer func() {
				if failed != nil {
					d.Logger.Warn("a file of a conversation can't be kept now; trying again", "publisher", publisher, "error", failed)
				}
			}()
			defer pull.Caught("fetch files", &failed)
			slices.Sort(keys)
			for _, key := range keys {
				if failed = d.fetchFiles(ctx, key); failed != nil {
					d.fetching.putOff(key, d.Clock().Add(fetchAgain))
					return
				}
			}
		})
	}
}

// fetchFiles fetches the files of a conversation, one after the other.
func (d *Desk) fetchFiles(ctx context.Context, key who.Key) error {
	for ctx.Err() == nil {
		t, _, err := d.Talks.Get(ctx, key)
		if pull.KindOf(err) == pull.Unknown {
			d.Forget(key)
			return nil
		}
		if err != nil {
			return err //nolint:wrapcheck // the store says what it is
		}
		f, line, ok := t.NextFile()
		if !ok {
			d.fetching.putOff(key, time.Time{})
			return nil
		}
		body, err := d.fetchFile(ctx, &t, &line, &f)
		if err != nil && refusalOf(err) == "" && d.Clock().Sub(line.At) < fetchFor {
			d.fetching.putOff(key, d.Clock().Add(fetchAgain))
			return nil
		}
		if err := d.keepFetched(ctx, &t, &line, f, body, err); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// fetchFile fetches a file from where it came.
func (d *Desk) fetchFile(ctx context.Context, t *talk.Talk, l *talk.Line, f *talk.File) ([]byte, error) {
	if mark, held := strings.CutPrefix(f.From.Ref, heldRef); held {
		return d.Talks.File(ctx, t.Reader, mark) //nolint:wrapcheck // the store says what it is
	}
	var by any
	if l.From == talk.Reader {
		c := d.Channels.Find(t.Publisher(), d.channelNow(&t.Head))
		if c == nil {
			return nil, NoConversation()
		}
		by = c.Messenger
	} else if b := d.bridgeOf(t.Publisher()); b != nil {
		by = b.Bridge
	}
	return messengers.Fetch(ctx, by, d.Client, f.From, talk.MaxFile)
}

// keepFetched keeps a file, if it may be, and notes what became of it.
func (d *Desk) keepFetched(ctx context.Context, t *talk.Talk, l *talk.Line, f talk.File, body []byte, failed error) error {
	from := f.From
	switch f.Check(body); {
	case pull.KindOf(failed) == pull.Invalid:
		f.Lost = "file.large"
	case failed != nil:
		f.Lost = "file.gone"
		d.Logger.Warn("a file of a conversation can't be fetched", "publisher", t.Publisher(), "error", failed)
	case f.Lost == "" && d.heldOf(ctx, t.Publisher())+f.Bytes > talk.MaxHeldOfAll:
		f.Lost = "file.full"
	}
	ctx = context.WithoutCancel(ctx)
	mark := talk.Fingerprint(f.Token)
	if f.Lost == "" {
		if err := d.Talks.KeepFile(ctx, t.Reader, mark, body); err != nil && pull.KindOf(err) != pull.Unknown {
			return err //nolint:wrapcheck // the store says what it is
		}
	}
	dropped, err := d.noteFetched(ctx, t.Reader, f)
	if pull.KindOf(err) == pull.Unknown { // it has been erased meanwhile
		d.Forget(t.Reader)
		dropped, err = []string{mark}, nil
	}
	if err != nil {
		return err
	}
	if held, ok := strings.CutPrefix(from.Ref, heldRef); ok {
		dropped = append(dropped, held)
	}
	for _, mark := range dropped {
		if err := d.Talks.DropFile(ctx, t.Reader, mark); err != nil {
			d.Logger.Warn("a file can't be dropped now; it is later", "error", err)
		}
	}
	if f.Lost != "" && l.From == talk.Staff && d.carries(t.Publisher()) {
		return d.sayBack(ctx, t.Reader, d.sayTo(t, words.Text{Key: "bridge.file_not_passed", Args: words.Args{"name": f.Name, "reason": lostText(&f)}}), noticeKey(l.Key+"/"+f.Token))
	}
	return nil
}

// noteFetched notes in a conversation what became of a file, and returns the marks of those that
// made room for it.
func (d *Desk) noteFetched(ctx context.Context, key who.Key, f talk.File) (dropped []string, err error) {
	defer d.lockTalk(key)()
	_, err = d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		dropped = t.Fetched(f)
		return true, nil
	})
	return dropped, err
}

// heldOf returns how much is kept of the files of a publisher's conversations.
func (d *Desk) heldOf(ctx context.Context, publisher string) (n int64) {
	heads, _ := d.headsOf(ctx, publisher) // a store that fails is told of by itself
	for i := range heads {
		n += heads[i].HeldBytes()
	}
	return n
}

// sweepFiles drops, once an hour, files that belong to no conversation.
func (d *Desk) sweepFiles(ctx context.Context) {
	now := d.Clock()
	d.fetching.mu.Lock()
	due := now.Sub(d.fetching.swept) >= looseEvery
	if due {
		d.fetching.swept = now
	}
	d.fetching.mu.Unlock()
	if !due {
		return
	}
	type loose struct {
		key  who.Key
		mark string
	}
	var all []loose
	err := d.Talks.Files(ctx, func(key who.Key, mark string, at time.Time) {
		d.mu.Lock()
		defer d.mu.Unlock()
		h := d.heads[key]
		if now.Sub(at) > looseFor && (h == nil || !slices.ContainsFunc(h.Held, func(f talk.Held) bool { return f.Mark == mark })) {
			all = append(all, loose{key, mark})
		}
	})
	for _, one := range all {
		if err == nil {
			err = d.Talks.DropFile(ctx, one.key, one.mark)
		}
	}
	if err != nil {
		d.Logger.Warn("files can't be looked through; it is tried again in an hour", "error", err)
	}
}

// lostText says why a file is not there.
func lostText(f *talk.File) words.Text {
	return words.Text{Key: f.Lost, Args: words.Args{"most": talk.MaxFile / mebi, "n": talk.MaxFiles}}
}

// textOfFile names a file in a thread.
func textOfFile(f *talk.File, say func(string, words.Args) string) string {
	kind := say("desk.attached_"+string(f.Type), nil)
	if f.Lost != "" {
		text := lostText(f)
		return say("bridge.file_lost", words.Args{"what": kind, "reason": say(text.Key, text.Args)})
	}
	return say("bridge.file", words.Args{"what": kind, "name": f.Name})
}

// linkOf returns where a file lies for who is given the link.
func (d *Desk) linkOf(publisher string, f *talk.File) string {
	return strings.TrimSuffix(d.PublicURL, "/") + Files + "/" + publisher + "/" + f.Token + "/" + url.PathEscape(f.Name)
}

// fileOf returns a file as it goes along with a post.
func (d *Desk) fileOf(t *talk.Talk, f *talk.File) File {
	key, mark := t.Reader, talk.Fingerprint(f.Token)
	return File{File: *f, Link: d.linkOf(t.Publisher(), f), Read: func(ctx context.Context) ([]byte, error) { return d.Talks.File(ctx, key, mark) }}
}

// shown are the kinds of files that channels show as what they are; others are links.
var shown = strings.Fields("image/jpeg image/png audio/mpeg audio/mp4 audio/amr application/ogg video/mp4 video/3gpp application/pdf")

// replyOf returns a line of the publisher's people as it is sent to the reader: of each type the
// first file as a medium, which every channel shows as it can, the others as links.
func (d *Desk) replyOf(t *talk.Talk, l *talk.Line) pull.Reply {
	reply := pull.Reply{Language: t.Language}
	if l.Text != "" {
		reply.Blocks = append(reply.Blocks, pull.Block{Kind: pull.Paragraph, Text: l.Text})
	}
	seen := map[what.MediaType]bool{}
	for i := range l.Files {
		f := &l.Files[i]
		link := d.linkOf(t.Publisher(), f)
		switch {
		case !f.There():
		case seen[f.Type] || !slices.Contains(shown, f.Mime):
			reply.Blocks = append(reply.Blocks, pull.Block{Kind: pull.Link, Text: f.Name, URL: link})
		default:
			seen[f.Type] = true
			reply.Media = append(reply.Media, what.Media{Type: f.Type, URL: link, Bytes: f.Bytes, Alt: f.Name})
		}
	}
	return reply
}

// FileHandler serves files of conversations to whoever has their links.
func (d *Desk) FileHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.mayLook(w, r) {
			return
		}
		publisher, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Files+"/"), "/")
		token, _, _ := strings.Cut(rest, "/")
		f, body, err := d.findFile(r.Context(), publisher, token)
		switch {
		case err != nil && pull.KindOf(err) != pull.Unknown:
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		case err != nil:
			w.WriteHeader(http.StatusNotFound)
			return
		}
		header := w.Header()
		as := "attachment"
		if f.Type != what.Document {
			as = "inline"
		}
		kind := f.Mime
		if kind == "text/plain" {
			kind += "; charset=utf-8"
		}
		header.Set("Content-Type", kind)
		header.Set("Content-Length", strconv.Itoa(len(body)))
		header.Set("Content-Disposition", mime.FormatMediaType(as, map[string]string{"filename": f.Name}))
		header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		header.Set("Cross-Origin-Resource-Policy", "cross-origin")
		_, _ = w.Write(body) //nolint:gosec // no browser runs anything of it: see the headers
	})
}

// findFile returns the file that a token names, of whichever conversation.
func (d *Desk) findFile(ctx context.Context, publisher, token string) (f talk.File, body []byte, err error) {
	heads, err := d.headsOf(ctx, publisher)
	if err != nil {
		return f, nil, err
	}
	mark := talk.Fingerprint(token)
	for i := range heads {
		if !slices.ContainsFunc(heads[i].Held, func(h talk.Held) bool { return h.Mark == mark }) {
			continue
		}
		t, _, err := d.Talks.Get(ctx, heads[i].Reader)
		if err != nil {
			return f, nil, err //nolint:wrapcheck // the store says what it is
		}
		f, ok := t.FileOf(token)
		if !ok {
			break
		}
		body, err = d.Talks.File(ctx, t.Reader, mark)
		return f, body, err //nolint:wrapcheck // the store says what it is
	}
	return f, nil, NoConversation()
}
