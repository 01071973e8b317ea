package desk

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/settings"
	"keypull/pull/talk"
	"keypull/pull/what/textform"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/console"
)

// Conversation is one as it stands in a list.
type Conversation struct {
	ID      string    `json:"id" doc:"What it is called: the reader's pseudonym."`
	Channel string    `json:"channel"`
	State   string    `json:"state" enum:"waiting,left,person,request,over" doc:"The reader waits for a person, also for one who has fallen silent, or in vain; one left a message while nobody was there; a person is in charge; a request is open; the service answers again."`
	Since   time.Time `json:"since" doc:"When it began."`
	Waits   time.Time `json:"waits,omitzero" doc:"Since when nobody has answered what the reader wrote; missing where somebody has."`
	Wrote   time.Time `json:"wrote,omitzero" doc:"When the reader wrote last."`
	Heard   time.Time `json:"heard,omitzero" doc:"When a person wrote last, or took over."`
}

// ConversationList is the input of "conversation.list".
type ConversationList struct {
	console.Of
	Query string `json:"q,omitempty" query:"q" doc:"Words, to list those alone in which they were said."`
	State string `json:"state,omitempty" query:"state" enum:"waiting,left,person,request,over" doc:"A state, to list those alone."`
}

// ConversationListed is the output.
type ConversationListed struct {
	Conversations []Conversation `json:"conversations" doc:"Those first whom nobody has answered, the oldest first; then the others, the latest first."`
	More          bool           `json:"more,omitempty" doc:"There are more than are listed."`
	Version       string         `json:"version" doc:"It changes when a conversation does."`
}

// ConversationGet is the input of "conversation.get", "conversation.take" and
// "conversation.release".
type ConversationGet struct {
	console.Of
	ID string `json:"conversation" path:"conversation" doc:"Id of the conversation."`
}

// ConversationShown is a conversation with what was said.
type ConversationShown struct {
	Conversation
	Language string `json:"language,omitempty" doc:"What the reader is answered in."`
	// Before is what the reader asked before the conversation began.
	Before []ConversationAsk  `json:"before" doc:"What the reader asked before, and was answered, as far as it is kept."`
	Lines  []ConversationLine `json:"lines"`
	// Requests are the reader's, the latest first.
	Requests []Request `json:"requests" doc:"What the reader asked you to see to, the latest first."`
	// Until is until when the platform lets a person write; zero where always.
	Until  time.Time `json:"until,omitzero" doc:"Until when the platform lets a person write; missing where there is no end."`
	Closed string    `json:"closed,omitempty" doc:"Why nothing can be written to the reader now."`
}

// ConversationAsk is an ask of before.
type ConversationAsk struct {
	At     time.Time `json:"at"`
	Asked  string    `json:"asked"`
	Answer string    `json:"answer"`
}

// ConversationLine is something that was said.
type ConversationLine struct {
	Number   int                `json:"number"`
	From     string             `json:"from" enum:"reader,bot,person,note" doc:"The reader, the service, a person of the publisher, or a note for its people alone."`
	At       time.Time          `json:"at"`
	Text     string             `json:"text"`
	Attached []string           `json:"attached,omitempty" doc:"What came with it: image, sound, video, document, sticker, contact."`
	Files    []ConversationFile `json:"files,omitempty" doc:"The files that came with it."`
	By       string             `json:"by,omitempty" doc:"Who wrote it."`
	Began    string             `json:"began,omitempty" enum:"asked,left,keyword,missed,complaint,taken" doc:"What began the conversation with it."`
	Waits    bool               `json:"waits,omitempty" doc:"It has not reached the reader's queue yet."`
}

// ConversationFile is one that came with a line.
type ConversationFile struct {
	Type   string `json:"type" enum:"image,sound,video,document,sticker"`
	Name   string `json:"name,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
	URL    string `json:"url,omitempty" doc:"Where it lies as long as the conversation is kept, for whoever has this address; missing until it is fetched, and where it is not there."`
	Reason string `json:"reason,omitempty" doc:"Why it is not there."`
}

// ConversationReply is the input of "conversation.reply".
type ConversationReply struct {
	ConversationGet
	Text  string       `json:"text,omitempty" doc:"What is said, up to 4,000 characters; it may be left out beside files."`
	Files []FileUpload `json:"files,omitempty" max:"5" doc:"Files for the reader, of 10 MB at most each, and of 11 MB together."`
	Key   string       `json:"key,omitempty" doc:"A word of the caller's own: what comes with it once more is the same."`
}

// FileUpload is a file for a reader. Its bytes say what it is.
type FileUpload struct {
	Name string `json:"name,omitempty" doc:"What it is called."`
	Data []byte `json:"data" required:"true" doc:"Its bytes."`
}

// ConversationWrite is the input of "conversation.note".
type ConversationWrite struct {
	ConversationGet
	Text string `json:"text" required:"true" doc:"What is said, up to 4,000 characters."`
	Key  string `json:"key,omitempty" doc:"A word of the caller's own: what comes with it once more is the same."`
}

const (
	allConversations = "/publishers/{publisher}/conversations"
	oneConversation  = allConversations + "/{conversation}"
)

// The operations conversation.*.
var (
	ListConversations = console.Declare[ConversationList, ConversationListed](console.Declaration{
		Name: "conversation.list", Permission: console.Write, Method: http.MethodGet, Path: allConversations,
		Summary: "List the conversations of readers with your people: those first whom nobody has answered.",
		Help:    "They are kept for 30 days after their last line, and go with FORGET ME.",
	})
	GetConversation = console.Declare[ConversationGet, ConversationShown](console.Declaration{
		Name: "conversation.get", Permission: console.Write, Method: http.MethodGet, Path: oneConversation,
		Summary: "Show a conversation, with what the reader asked before, and until when the platform lets you write.",
	})
	TakeConversation = console.Declare[ConversationGet, ConversationShown](console.Declaration{
		Name: "conversation.take", Permission: console.Write, Audit: true, Method: http.MethodPost, Path: oneConversation + "/take",
		Summary: "Take a reader over: the service says nothing to them until a person has said nothing for a day, or hands them back.",
		Help:    "A reader without a conversation is named by the pseudonym, as lists of readers tell it.",
	})
	ReplyConversation = console.Declare[ConversationReply, ConversationShown](console.Declaration{
		Name: "conversation.reply", Permission: console.Write, Audit: true, Large: true, Method: http.MethodPost, Path: oneConversation + "/replies",
		Summary: "Write to the reader, and take them over.",
	})
	ReleaseConversation = console.Declare[ConversationGet, ConversationShown](console.Declaration{
		Name: "conversation.release", Permission: console.Write, Audit: true, Method: http.MethodPost, Path: oneConversation + "/release",
		Summary: "Hand a reader back to the service.",
	})
	NoteConversation = console.Declare[ConversationWrite, ConversationShown](console.Declaration{
		Name: "conversation.note", Permission: console.Write, Audit: true, Method: http.MethodPost, Path: oneConversation + "/notes",
		Summary: "Add a note for your people alone.",
	})
)

// Operations returns conversation.*.
func (d *Desk) Operations() []console.Bound {
	return []console.Bound{
		ListConversations.Bind(d.listConversations), GetConversation.Bind(d.getConversation), TakeConversation.Bind(d.takeConversation),
		ReplyConversation.Bind(d.replyConversation), ReleaseConversation.Bind(d.releaseConversation), NoteConversation.Bind(d.noteConversation),
		ListRequests.Bind(d.listRequests), GetRequest.Bind(d.getRequest), SetRequest.Bind(d.setRequest),
	}
}

// mostListed is how many conversations are listed at once.
const mostListed = 100

func (d *Desk) conversationOf(h *talk.Head) Conversation {
	return Conversation{
		ID: h.ID(), Channel: d.channelNow(h), State: string(h.StateAt(d.Clock())), Since: h.Since, Waits: h.WaitsSince(), Wrote: h.Wrote, Heard: h.Heard,
	}
}

// channelNow returns the id that the channel of a conversation has today.
func (d *Desk) channelNow(h *talk.Head) string {
	if pub := d.Catalogue.Publisher(h.Publisher()); pub != nil {
		return pub.Now(catalogue.ResourceChannel, h.Channel)
	}
	return h.Channel
}

func (d *Desk) listConversations(ctx context.Context, in ConversationList) (ConversationListed, error) {
	out := ConversationListed{Conversations: []Conversation{}}
	if d.Catalogue.Publisher(in.Publisher) == nil {
		return out, console.NoPublisher(in.Publisher)
	}
	heads, err := d.headsOf(ctx, in.Publisher)
	if err != nil {
		return out, err
	}
	slices.SortFunc(heads, func(a, b talk.Head) int {
		switch {
		case a.WaitsSince().IsZero() != b.WaitsSince().IsZero():
			return map[bool]int{true: 1, false: -1}[a.WaitsSince().IsZero()]
		case !a.WaitsSince().IsZero():
			return cmp.Or(a.WaitsSince().Compare(b.WaitsSince()), cmp.Compare(a.Reader, b.Reader))
		}
		return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Reader, b.Reader))
	})
	d.mu.Lock()
	out.Version = d.versionText()
	d.mu.Unlock()
	want := textform.Fold(strings.TrimSpace(in.Query))
	for i := range heads {
		c := d.conversationOf(&heads[i])
		if in.State != "" && c.State != in.State || want != "" && !d.talkSays(ctx, heads[i].Reader, want) {
			continue
		}
		if out.More = len(out.Conversations) == mostListed; out.More {
			break
		}
		out.Conversations = append(out.Conversations, c)
	}
	return out, nil
}

// versionText changes with every conversation, and as time ends them; d.mu is held.
func (d *Desk) versionText() string {
	return d.Clock().UTC().Format("021504") + "." + strconv.FormatUint(d.version, 10)
}

// talkSays reports whether something was said in a conversation.
func (d *Desk) talkSays(ctx context.Context, key who.Key, want string) bool {
	t, _, err := d.Talks.Get(ctx, key)
	return err == nil && slices.ContainsFunc(t.Said, func(l talk.Line) bool { return strings.Contains(textform.Fold(l.Text), want) })
}

// keyOf returns the reader whose conversation is named.
func (d *Desk) keyOf(ctx context.Context, in ConversationGet) (who.Key, error) {
	if d.Catalogue.Publisher(in.Publisher) == nil {
		return "", console.NoPublisher(in.Publisher)
	}
	const most = 64
	id := strings.TrimPrefix(in.ID, in.Publisher+".")
	if id == "" || len(id) > most || strings.ContainsFunc(id, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '2' || r > '7') }) {
		return "", NoConversation()
	}
	console.NoteAudit(ctx, "conversation "+console.ReaderMark(who.Key(in.Publisher+"."+id)), nil, nil)
	return who.Key(in.Publisher + "." + id), nil
}

// NoConversation returns the error about a conversation that is not there.
func NoConversation() error {
	return &pull.Error{Kind: pull.Unknown, Field: "conversation", Hint: words.Text{Key: "hint.no_conversation"}}
}

func (d *Desk) getConversation(ctx context.Context, in ConversationGet) (ConversationShown, error) {
	key, err := d.keyOf(ctx, in)
	if err != nil {
		return ConversationShown{}, err
	}
	t, _, err := d.Talks.Get(ctx, key)
	if err != nil {
		return ConversationShown{}, err
	}
	return d.showConversation(ctx, &t)
}

// showConversation tells a conversation whole.
func (d *Desk) showConversation(ctx context.Context, t *talk.Talk) (ConversationShown, error) {
	out := ConversationShown{Conversation: d.conversationOf(&t.Head), Language: t.Language, Lines: []ConversationLine{}, Requests: d.requestsOf(ctx, t)}
	for _, l := range t.Said {
		line := ConversationLine{Number: l.Number, From: string(l.From), At: l.At, Text: l.Text, By: l.By, Began: string(l.Began), Waits: l.Unput}
		for _, a := range l.Attached {
			line.Attached = append(line.Attached, string(a))
		}
		for i := range l.Files {
			line.Files = append(line.Files, d.showFile(ctx, t, &l.Files[i]))
		}
		out.Lines = append(out.Lines, line)
	}
	reader, _, err := d.Readers.Reader(ctx, t.Reader)
	if err != nil {
		return out, err //nolint:wrapcheck // the store says what it is
	}
	if out.Before, err = d.askedBefore(ctx, t, &reader, console.CallerLanguage(ctx)); err != nil {
		return out, err
	}
	until, refusal := d.mayWrite(t, &reader)
	if out.Until = until; refusal != nil {
		out.Closed = words.Said(refusal).In(console.CallerLanguage(ctx))
	}
	return out, nil
}

// showFile tells of a file.
func (d *Desk) showFile(ctx context.Context, t *talk.Talk, f *talk.File) ConversationFile {
	out := ConversationFile{Type: string(f.Type), Name: f.Name, Bytes: f.Bytes}
	switch {
	case f.There():
		out.URL = d.linkOf(t.Publisher(), f)
	case f.Lost != "":
		out.Reason = lostText(f).In(console.CallerLanguage(ctx))
	}
	return out
}

// mostBefore is how many asks of before are shown.
const mostBefore = 8

// askedBefore returns what the reader asked before the first words of the conversation: also what
// called the person, where nobody was there, and what was asked until a message was left.
func (d *Desk) askedBefore(ctx context.Context, t *talk.Talk, r *who.Reader, language string) ([]ConversationAsk, error) {
	all := []ConversationAsk{}
	said, first := map[uint64]bool{}, uint64(0)
	for _, l := range t.Said {
		if said[l.Ask] = true; l.Ask != 0 && l.Ask >= t.Ask && (first == 0 || l.Ask < first) {
			first = l.Ask
		}
	}
	for i := len(r.Settled) - 1; i >= 0 && len(all) < mostBefore; i-- {
		ask := r.Settled[i]
		if said[ask] || first != 0 && ask > first {
			continue
		}
		record, ok, err := d.Readers.Record(ctx, ask)
		if err != nil {
			return all, err //nolint:wrapcheck // the store says what it is
		}
		tr := &record.Trace
		if !ok || record.Reduced || tr.Ask != ask || tr.Kind != "" {
			continue
		}
		all = append(all, ConversationAsk{At: tr.At, Asked: d.askedText(t.Publisher(), &tr.What, language), Answer: talk.TextOf(record.Reply)})
	}
	slices.Reverse(all)
	return all, nil
}

// askedText returns what a reader asked as people read it: the words, where they are kept, else
// what the keyword or the command is called.
func (d *Desk) askedText(publisher string, asked *journal.What, language string) string {
	if text := cmp.Or(asked.Said, strings.TrimSpace(asked.Phrase+" "+asked.Argument), asked.Core); text != "" {
		return text
	}
	if pub := d.Catalogue.Publisher(publisher); pub != nil && asked.Keyword != "" {
		if k, ok := pub.Keyword(pub.Now(catalogue.ResourceKeyword, asked.Keyword)); ok {
			return k.Name(append([]string{language}, pub.Languages...))
		}
	}
	for _, key := range []string{"desk.asked_" + asked.Command, "command." + asked.Command} {
		if words.Core().Has(key) {
			return words.Text{Key: key}.In(language)
		}
	}
	return words.Text{Key: "desk.asked_other"}.In(language)
}

// refuse returns a refusal that people act on.
func refuse(key string) error {
	return &pull.Error{Kind: pull.Conflict, Field: "conversation", Hint: words.Text{Key: key}}
}

// mayWrite returns until when the platform lets a person write to the reader, and why nobody
// may.
func (d *Desk) mayWrite(t *talk.Talk, r *who.Reader) (until time.Time, refusal error) {
	c := d.Channels.Find(t.Publisher(), d.channelNow(&t.Head))
	switch {
	case !r.Leaves.IsZero(), r.Talk == nil && len(t.Requests) == 0:
		return until, NoConversation()
	case r.State == who.Stopped:
		return until, refuse("conversation.stopped")
	case r.State == who.Gone:
		return until, refuse("conversation.gone")
	case c == nil:
		return until, refuse("conversation.no_channel")
	}
	if window := c.Limits.HumanWindow(); window > 0 && !t.Wrote.IsZero() {
		until = t.Wrote.Add(window)
		if !until.After(d.Clock()) && c.Limits.Template == "" {
			return until, refuse("conversation.window")
		}
	}
	return until, nil
}

// takeOver has a person be in charge of a reader; the lock is held.
func (d *Desk) takeOver(ctx context.Context, key who.Key) (who.Reader, error) {
	d.mu.Lock()
	change := d.line.Change
	d.mu.Unlock()
	if change == nil {
		return who.Reader{}, &pull.Error{Kind: pull.Unavailable, Op: "conversation.take", Hint: words.Text{Key: "conversation.no_server"}}
	}
	at := d.Clock()
	var now who.Reader
	err := change(ctx, key, func(r who.Reader) who.Reader {
		kept := r.Talk != nil || !r.First.IsZero() // who has not agreed that anything is kept has neither
		if now = r; !kept || !r.Leaves.IsZero() || r.State != who.Active || r.LastSettled() == 0 {
			return r
		}
		now, _ = r.Turn(who.TurnTaken, at, r.LastSettled())
		return now
	})
	if err == nil && now.Talk == nil {
		err = NoConversation()
	}
	if err == nil && now.State != who.Active {
		err = refuse("conversation.stopped")
	}
	return now, err
}

func (d *Desk) takeConversation(ctx context.Context, in ConversationGet) (ConversationShown, error) {
	key, err := d.keyOf(ctx, in)
	if err != nil {
		return ConversationShown{}, err
	}
	defer d.lockTalk(key)()
	t, err := d.beginTalk(ctx, key)
	if err != nil {
		return ConversationShown{}, err
	}
	return d.showConversation(ctx, &t)
}

// beginTalk takes a reader over, whose conversation begins with that where there is none; the
// lock is held.
func (d *Desk) beginTalk(ctx context.Context, key who.Key) (talk.Talk, error) {
	reader, err := d.takeOver(ctx, key)
	if err != nil {
		return talk.Talk{}, err
	}
	return d.changeTalk(ctx, key, true, func(t *talk.Talk) (bool, error) {
		if t.Turned(reader); t.Last.IsZero() {
			record, ok, err := d.Readers.Record(ctx, reader.Talk.Ask)
			if err != nil {
				return false, err //nolint:wrapcheck // the store says what it is
			}
			if !ok {
				return false, NoConversation()
			}
			t.Channel, t.Address, t.Language, t.Wrote = record.Trace.Channel, reader.Address, cmp.Or(reader.Language, record.Trace.Who.Language), record.Trace.At
			t.Write(talk.Line{From: talk.Note, At: d.Clock(), Began: pull.BeganTaken, By: byName(ctx)})
		}
		return true, nil
	})
}

func byName(ctx context.Context) string {
	by, _ := console.Caller(ctx)
	return by.Name
}

// checkText refuses a text that nobody can be sent.
func checkText(text string) (string, error) {
	switch text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")); {
	case text == "":
		return "", settings.Problems{settings.Wrong("text", words.Text{Key: "conversation.empty"})}
	case utf8.RuneCountInString(text) > talk.MaxText:
		return "", settings.Problems{settings.Wrong("text", words.Text{Key: "conversation.long", Args: words.Args{"most": talk.MaxText}})}
	}
	return text, nil
}

func (d *Desk) replyConversation(ctx context.Context, in ConversationReply) (ConversationShown, error) {
	key, err := d.keyOf(ctx, in.ConversationGet)
	if err != nil {
		return ConversationShown{}, err
	}
	l := talk.Line{From: talk.Staff, By: byName(ctx), Key: in.Key, Uncarried: d.carries(in.Publisher)}
	if l.Text, err = checkText(in.Text); err != nil && (in.Text != "" || len(in.Files) == 0) {
		return ConversationShown{}, err
	}
	if err := d.attachUploads(ctx, key, &l, in.Files); err != nil {
		return ConversationShown{}, err
	}
	t, err := d.writeLine(ctx, key, l)
	if err != nil {
		return ConversationShown{}, err
	}
	return d.showConversation(ctx, &t)
}

// writeLine brings what a person wrote to the reader: it is written down first, and put into the
// reader's queue in the order in which it stands there.
func (d *Desk) writeLine(ctx context.Context, key who.Key, l talk.Line) (talk.Talk, error) {
	defer d.lockTalk(key)()
	t, _, err := d.Talks.Get(ctx, key)
	if err != nil {
		return t, err
	}
	reader, _, err := d.Readers.Reader(ctx, key)
	if err != nil {
		return t, err //nolint:wrapcheck // the store says what it is
	}
	if _, refusal := d.mayWrite(&t, &reader); refusal != nil {
		return t, refusal
	}
	if t, err = d.beginTalk(ctx, key); err != nil {
		return t, err
	}
	if t, err = d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		l.At = d.Clock()
		return t.Write(l), nil
	}); err != nil {
		return t, err
	}
	if err := d.flush(ctx, &t); err != nil {
		d.Logger.Warn("what a person wrote can't be sent now; it is tried again", "error", err)
	}
	d.noteStaffed(t.Publisher(), talk.Staffed.Answer)
	d.stir()
	return t, nil
}

func (d *Desk) releaseConversation(ctx context.Context, in ConversationGet) (ConversationShown, error) {
	key, err := d.keyOf(ctx, in)
	if err != nil {
		return ConversationShown{}, err
	}
	t, err := d.release(ctx, key)
	if err != nil {
		return ConversationShown{}, err
	}
	return d.showConversation(ctx, &t)
}

// release hands a reader back to the service.
func (d *Desk) release(ctx context.Context, key who.Key) (talk.Talk, error) {
	defer d.lockTalk(key)()
	if _, _, err := d.Talks.Get(ctx, key); err != nil {
		return talk.Talk{}, err
	}
	d.mu.Lock()
	change := d.line.Change
	d.mu.Unlock()
	if change == nil {
		return talk.Talk{}, &pull.Error{Kind: pull.Unavailable, Op: "conversation.release", Hint: words.Text{Key: "conversation.no_server"}}
	}
	var now who.Reader
	at := d.Clock()
	if err := change(ctx, key, func(r who.Reader) who.Reader {
		now, _ = r.Turn(who.TurnReleased, at, 0)
		return now
	}); err != nil {
		return talk.Talk{}, err
	}
	return d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		t.Turned(now)
		t.Waits = time.Time{}
		return true, nil
	})
}

func (d *Desk) noteConversation(ctx context.Context, in ConversationWrite) (ConversationShown, error) {
	key, err := d.keyOf(ctx, in.ConversationGet)
	if err != nil {
		return ConversationShown{}, err
	}
	text, err := checkText(in.Text)
	if err != nil {
		return ConversationShown{}, err
	}
	defer d.lockTalk(key)()
	t, err := d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		return t.Write(talk.Line{From: talk.Note, At: d.Clock(), Text: text, By: byName(ctx), Key: in.Key}), nil
	})
	if err != nil {
		return ConversationShown{}, err
	}
	return d.showConversation(ctx, &t)
}
