package site

import (
	"cmp"
	"crypto/rand"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/desk"
)

// conversationPages are those on which people of the publisher answer its readers.
type conversationPages struct{ *request }

// conversationSection is where they are, replyPattern where an answer is posted that may bring files.
const (
	conversationSection = "conversations"
	replyPattern        = Root + "/p/{publisher}/" + conversationSection + "/{conversation}/reply"
)

func (s *Site) conversationRoutes() {
	const at = Root + "/p/{publisher}/" + conversationSection
	const conversation = at + "/{conversation}"
	s.route("GET "+at, gatedFor(desk.ListConversations, pageAction(conversationPages.listPage)))
	s.route("GET "+at+"/live", gatedFor(desk.ListConversations, pageAction(conversationPages.listLive)))
	s.route("GET "+conversation, gatedFor(desk.GetConversation, pageAction(conversationPages.onePage)))
	s.route("GET "+conversation+"/live", gatedFor(desk.GetConversation, pageAction(conversationPages.oneLive)))
	s.route("POST "+conversation+"/take", gatedFor(desk.TakeConversation, pageAction(conversationPages.takeConversation)))
	s.route("POST "+replyPattern, gatedFor(desk.ReplyConversation, pageAction(conversationPages.replyConversation)))
	s.route("POST "+conversation+"/note", gatedFor(desk.NoteConversation, pageAction(conversationPages.noteConversation)))
	s.route("POST "+conversation+"/requests/{number}", gatedFor(desk.SetRequest, pageAction(conversationPages.setRequest)))
	s.route("POST "+conversation+"/release", gatedFor(desk.ReleaseConversation, pageAction(conversationPages.releaseConversation)))
}

// conversationsBody is what the list shows.
type conversationsBody struct {
	Head    pages.Header
	Search  pages.Search
	List    conversationList
	Filters *pages.SavedFilters
}

// conversationList is the part of it that is fetched again while it changes.
type conversationList struct {
	Again, Reload string
	Rows          []conversationRow
	More          bool
	Empty         pages.Empty
}

// conversationRow is a conversation.
type conversationRow struct {
	Href, Name, Channel string
	Requests            []string
	Badge               pages.Badge
	Waits, Last         time.Time
}

// conversationStates are the states with how they look.
var conversationStates = map[string]string{"waiting": "warning", "left": "warning", "person": "ok", "request": "warning", "over": "idle"} //nolint:gochecknoglobals // it does not change

func (r conversationPages) badge(state string) pages.Badge {
	return pages.Badge{State: conversationStates[state], Text: r.t("desk.state_" + state)}
}

func (r conversationPages) asked() console.Of { return r.publisherInput() }

// readList returns the list that the address asks for, and its version.
func (r conversationPages) readList() (conversationList, string, error) {
	q := r.URL.Query()
	in := desk.ConversationList{Of: r.asked(), Query: q.Get("q"), State: q.Get("state")}
	if _, known := conversationStates[in.State]; !known {
		in.State = ""
	}
	listed, err := desk.ListConversations.Call(r.callContext(), in)
	if err != nil {
		return conversationList{}, "", err
	}
	again := url.Values{"version": {listed.Version}}
	for name, value := range map[string]string{"q": in.Query, "state": in.State} {
		if value != "" {
			again.Set(name, value)
		}
	}
	b := conversationList{
		Again: r.pathTo(conversationSection, "live") + "?" + again.Encode(), Reload: r.URL.RequestURI(), More: listed.More,
		Empty: pages.Empty{Icon: "talk", Title: r.t("desk.none"), Text: r.t("desk.none_text")},
	}
	if in.Query != "" || in.State != "" {
		b.Empty = pages.Empty{Icon: "search", Title: r.t("desk.none_found")}
	}
	open, err := r.openRequests()
	if err != nil {
		return conversationList{}, "", err
	}
	for _, c := range listed.Conversations {
		b.Rows = append(b.Rows, conversationRow{
			Href: r.pathTo(conversationSection, c.ID), Name: r.nameOfTalk(c.ID), Channel: c.Channel, Requests: open[c.ID], Badge: r.badge(c.State), Waits: c.Waits, Last: cmp.Or(c.Wrote, c.Since),
		})
	}
	return b, listed.Version, nil
}

// openRequests returns what the requests are called that are open in each conversation.
func (r conversationPages) openRequests() (map[string][]string, error) {
	listed, err := desk.ListRequests.Call(r.callContext(), desk.RequestList{Of: r.asked()})
	if err != nil {
		return nil, err
	}
	open := map[string][]string{}
	for _, one := range listed.Requests {
		if one.State == "received" || one.State == "in_work" {
			open[one.Conversation] = append(open[one.Conversation], one.Name)
		}
	}
	return open, nil
}

// nameOfTalk returns what people call a conversation: the beginning of the reader's pseudonym.
func (r conversationPages) nameOfTalk(id string) string {
	const shown = 6
	return r.t("desk.reader", "name", id[:min(shown, len(id))])
}

func (r conversationPages) listPage() error {
	list, _, err := r.readList()
	if err != nil {
		return err
	}
	state := r.URL.Query().Get("state")
	filter := pages.Filter{Name: "state", Label: r.t("token.state"), Options: []pages.Option{{Label: r.t("desk.every")}}}
	for _, s := range []string{"waiting", "left", "person", "request", "over"} {
		filter.Options = append(filter.Options, pages.Option{Value: s, Label: r.t("desk.state_" + s), Selected: s == state})
	}
	b := conversationsBody{
		Head: pages.Header{Title: r.t("nav.conversations"), Lead: r.t("desk.lead")}, List: list,
		Search:  pages.Search{Action: r.pathTo(conversationSection), Query: r.URL.Query().Get("q"), Label: r.t("desk.search"), Filters: []pages.Filter{filter}},
		Filters: r.savedFilters(conversationSection, "q", "state"),
	}
	return r.showPage("page_conversations", pages.Page{Title: b.Head.Title, Body: b})
}

// listLive answers the list as it is now, and 204 where nothing has changed.
func (r conversationPages) listLive() error {
	list, version, err := r.readList()
	switch {
	case err != nil:
		return err
	case r.URL.Query().Get("version") == version:
		r.w.WriteHeader(http.StatusNoContent)
		return nil
	case !r.wantsPart():
		return r.redirectDone(r.pathTo(conversationSection), "")
	}
	return r.showPart("part_conversations", list)
}

// conversationBody is what the page of one shows.
type conversationBody struct {
	Head                       pages.Header
	Message                    string
	Talk                       conversationTalk
	Before                     []desk.ConversationAsk
	Take, Reply, Note, Release string
	Key, Text, NoteText        string
	Until                      time.Time
	Closed                     string
	Requests                   []filedView
}

// filedView is a request of the reader's.
type filedView struct {
	desk.Request
	Action, Typed string
	Badge         pages.Badge
	States        []pages.Option
}

// conversationTalk is what was said, fetched again while it changes.
type conversationTalk struct {
	Again, Reload string
	Badge         pages.Badge
	State         string
	Lines         []conversationLine
}

// conversationLine is a line of it.
type conversationLine struct {
	desk.ConversationLine
	Who, Began string
	Mine       bool
	Things     []string
	// Sent are the files that came with it.
	Sent []conversationFile
}

// conversationFile is one.
type conversationFile struct {
	Name, URL, Reason string
}

func (r conversationPages) oneInput() desk.ConversationGet {
	return desk.ConversationGet{Of: r.asked(), ID: r.PathValue("conversation")}
}

func (r conversationPages) at(parts ...string) string {
	return r.pathTo(append([]string{conversationSection, r.PathValue("conversation")}, parts...)...)
}

func (r conversationPages) talkOf(c *desk.ConversationShown) conversationTalk {
	t := conversationTalk{Badge: r.badge(c.State), State: c.State, Reload: r.at()}
	version := c.State
	for _, l := range c.Lines {
		line := conversationLine{ConversationLine: l, Mine: l.From == "person", Who: r.t("desk.from_" + l.From)}
		if l.By != "" {
			line.Who = r.t("desk.by", "from", line.Who, "name", l.By)
		}
		if l.Began != "" {
			line.Began = r.t("desk.began_" + l.Began)
		}
		for _, a := range l.Attached {
			line.Things = append(line.Things, r.t("desk.attached_"+a))
		}
		for _, f := range l.Files {
			line.Sent = append(line.Sent, conversationFile{Name: cmp.Or(f.Name, r.t("desk.attached_"+f.Type)), URL: f.URL, Reason: f.Reason})
			version += strconv.Itoa(len(f.URL) + len(f.Reason))
		}
		if l.Waits {
			version += "w"
		}
		t.Lines = append(t.Lines, line)
	}
	if n := len(c.Lines); n > 0 {
		version += "." + c.Lines[n-1].At.UTC().Format("20060102T150405.000")
	}
	if c.Closed != "" {
		version += closedMark
	}
	t.Again = r.at("live") + "?" + url.Values{"version": {version}}.Encode()
	return t
}

func (r conversationPages) showOne(status int, c desk.ConversationShown, message string) error {
	b := conversationBody{
		Head: pages.Header{Title: r.nameOfTalk(c.ID), Lead: r.t("desk.on", "channel", c.Channel)}, Message: message, Talk: r.talkOf(&c), Before: c.Before,
		Take: r.at("take"), Reply: r.at("reply"), Note: r.at("note"), Release: r.at("release"), Key: rand.Text(),
		Until: c.Until, Closed: c.Closed, Requests: r.filedViews(c.Requests),
	}
	if message != "" {
		b.Text, b.NoteText = r.PostForm.Get("text"), r.PostForm.Get("note")
	}
	return r.showAs(status, "page_conversation", pages.Page{Title: b.Head.Title, Body: b, Crumbs: r.crumbsTo(conversationSection, b.Head.Title)})
}

func (r conversationPages) onePage() error {
	c, err := desk.GetConversation.Call(r.callContext(), r.oneInput())
	if err != nil {
		return err
	}
	return r.showOne(http.StatusOK, c, "")
}

// closedMark ends the version of a conversation in which nothing may be written.
const closedMark = ".closed"

// oneLive answers what was said as it is now, and 204 where nothing has changed. It has the page
// loaded anew where a reader is forgotten, so that nothing of them stays on it, and where one
// may be answered again.
func (r conversationPages) oneLive() error {
	c, err := desk.GetConversation.Call(r.callContext(), r.oneInput())
	if err != nil {
		if console.KindOf(err) == pull.Unknown {
			r.w.Header().Set("HX-Refresh", "true")
		}
		return err
	}
	t, version := r.talkOf(&c), r.URL.Query().Get("version")
	switch {
	case t.Again == r.at("live")+"?"+url.Values{"version": {version}}.Encode():
		r.w.WriteHeader(http.StatusNoContent)
		return nil
	case c.Closed == "" && strings.HasSuffix(version, closedMark) && r.wantsPart():
		r.w.Header().Set("HX-Refresh", "true")
		r.w.WriteHeader(http.StatusNoContent)
		return nil
	case !r.wantsPart():
		return r.redirectDone(r.at(), "")
	}
	return r.showPart("part_conversation", t)
}

// acted leads back to the conversation, or shows it with why it was refused.
func (r conversationPages) acted(done string, err error) error {
	if err == nil {
		return r.redirectDone(r.at(), done)
	}
	message, ok := r.sayRefusal(err)
	if !ok {
		return err
	}
	c, failed := desk.GetConversation.Call(r.callContext(), r.oneInput())
	if failed != nil {
		return err
	}
	return r.showOne(console.StatusOf(err), c, message)
}

func (r conversationPages) takeConversation() error {
	_, err := desk.TakeConversation.Call(r.callContext(), r.oneInput())
	return r.acted("talk_taken", err)
}

func (r conversationPages) replyConversation() error {
	in := desk.ConversationReply{ConversationGet: r.oneInput(), Text: r.PostForm.Get("text"), Key: r.postedValue("key")}
	if r.MultipartForm != nil {
		for _, h := range r.MultipartForm.File["file"] {
			data, err := readUpload(h)
			if err != nil {
				return unreadableForm(err)
			}
			in.Files = append(in.Files, desk.FileUpload{Name: h.Filename, Data: data})
		}
	}
	_, err := desk.ReplyConversation.Call(r.callContext(), in)
	return r.acted("talk_replied", err)
}

// readUpload returns the bytes of a file that was posted.
func readUpload(h *multipart.FileHeader) ([]byte, error) {
	f, err := h.Open()
	if err != nil {
		return nil, err //nolint:wrapcheck // what is told says what it is
	}
	defer func() { _ = f.Close() }() // nothing was written
	return io.ReadAll(f)             //nolint:wrapcheck // what is told says what it is
}

func (r conversationPages) noteConversation() error {
	_, err := desk.NoteConversation.Call(r.callContext(), desk.ConversationWrite{ConversationGet: r.oneInput(), Text: r.PostForm.Get("note"), Key: r.postedValue("key")})
	return r.acted("talk_noted", err)
}

func (r conversationPages) releaseConversation() error {
	_, err := desk.ReleaseConversation.Call(r.callContext(), r.oneInput())
	return r.acted("talk_released", err)
}

// requestStates are the states of a request with how they look.
var requestStates = map[string]string{"received": "warning", "in_work": "ok", "done": "idle", "cancelled": "idle"} //nolint:gochecknoglobals // it does not change

func (r conversationPages) filedViews(all []desk.Request) []filedView {
	views := make([]filedView, 0, len(all))
	for _, one := range all {
		v := filedView{
			Request: one, Action: r.at("requests", one.Number), Typed: one.Text,
			Badge: pages.Badge{State: requestStates[one.State], Text: r.t("request.state_" + one.State)},
		}
		if r.PathValue("number") == one.Number && r.PostForm.Has("said") {
			v.Typed = r.PostForm.Get("said")
		}
		for _, s := range []string{"received", "in_work", "done", "cancelled"} {
			v.States = append(v.States, pages.Option{Value: s, Label: r.t("request.state_" + s), Selected: s == one.State})
		}
		views = append(views, v)
	}
	return views
}

func (r conversationPages) setRequest() error {
	in := desk.RequestSet{RequestGet: desk.RequestGet{Of: r.asked(), Number: r.PathValue("number")}, State: r.PostForm.Get("state"), Text: r.PostForm.Get("said")}
	_, err := desk.SetRequest.Call(r.callContext(), in)
	return r.acted("request_set", err)
}
