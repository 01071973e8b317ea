package line

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Front compares the webhook's address and the menu below the chat with what
// they should be.
func (b *bot) Front(ctx context.Context, f messengers.Face, mend bool) ([]messengers.Drift, error) {
	var all []messengers.Drift
	for _, part := range []func(context.Context, messengers.Face, bool) (*messengers.Drift, error){b.frontHook, b.frontMenu} {
		drift, err := part(ctx, f, mend)
		if drift != nil {
			all = append(all, *drift)
		}
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// frontHook sees to where deliveries go, and has LINE try a new address. That
// they go at all is switched on by hand.
func (b *bot) frontHook(ctx context.Context, _ messengers.Face, mend bool) (*messengers.Drift, error) {
	var has struct {
		Endpoint string `json:"endpoint"`
		Active   bool   `json:"active"`
	}
	if err := b.call(ctx, http.MethodGet, "/v2/bot/channel/webhook/endpoint", nil, &has); err != nil && !missing(err) {
		return nil, tried(err)
	}
	var drift *messengers.Drift
	if has.Endpoint != b.hook {
		drift = &messengers.Drift{Part: "webhook", Has: has.Endpoint, Wants: b.hook}
	}
	if drift == nil || !mend {
		return drift, nil
	}
	if !strings.HasPrefix(b.hook, "https://") {
		return drift, &pull.Error{Kind: pull.Invalid, Hint: own.Text("no_https", nil)}
	}
	if err := b.call(ctx, http.MethodPut, "/v2/bot/channel/webhook/endpoint", map[string]string{"endpoint": b.hook}, nil); err != nil {
		return drift, tried(err)
	}
	var test struct {
		Success bool   `json:"success"`
		Reason  string `json:"reason"`
	}
	if err := b.call(ctx, http.MethodPost, "/v2/bot/channel/webhook/test", map[string]string{"endpoint": b.hook}, &test); err != nil {
		return drift, tried(err)
	}
	if !test.Success {
		return drift, &pull.Error{Kind: pull.Unavailable, Hint: own.Text("hook_silent", words.Args{"reason": test.Reason})}
	}
	return drift, nil
}

// missing says that LINE has nothing of what was asked for.
func missing(err error) bool {
	var no *refusal
	return errors.As(err, &no) && no.status == http.StatusNotFound
}

// richMenu is a menu as LINE has it.
type richMenu struct {
	ID       string `json:"richMenuId,omitempty"`
	Size     size   `json:"size"`
	Selected bool   `json:"selected"`
	Name     string `json:"name"`
	Bar      string `json:"chatBarText"`
	Areas    []area `json:"areas"`
}

type size struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

type area struct {
	Bounds bounds `json:"bounds"`
	Action action `json:"action"`
}

type bounds struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// ours begins the names of menus that we made; what follows tells one from
// another.
const ours = "keypull "

// frontMenu sees to the menu that everybody has below the chat. One that somebody
// else made is kept, and no longer shown.
func (b *bot) frontMenu(ctx context.Context, f messengers.Face, mend bool) (*messengers.Drift, error) {
	has, err := b.menu(ctx)
	if err != nil {
		return nil, tried(err)
	}
	wants, labels := menuOf(f)
	if wants.Name == has.Name || wants.Name == "" && !strings.HasPrefix(has.Name, ours) {
		return nil, nil
	}
	drift := &messengers.Drift{Part: "menu", Has: has.read(), Wants: wants.read()}
	if !mend {
		return drift, nil
	}
	if len(wants.Areas) > 0 {
		err = b.publish(ctx, wants, labels)
	} else {
		err = b.call(ctx, http.MethodDelete, "/v2/bot/user/all/richmenu", nil, nil)
	}
	if err == nil && strings.HasPrefix(has.Name, ours) {
		err = b.call(ctx, http.MethodDelete, "/v2/bot/richmenu/"+has.ID, nil, nil)
	}
	return drift, tried(err)
}

// menu is the one that everybody has; a zero one where there is none.
func (b *bot) menu(ctx context.Context) (richMenu, error) {
	var shown struct {
		ID string `json:"richMenuId"`
	}
	err := b.call(ctx, http.MethodGet, "/v2/bot/user/all/richmenu", nil, &shown)
	if missing(err) || err == nil && shown.ID == "" {
		return richMenu{}, nil
	}
	if err != nil {
		return richMenu{}, err
	}
	var has richMenu
	err = b.call(ctx, http.MethodGet, "/v2/bot/richmenu/"+shown.ID, nil, &has)
	if missing(err) {
		return richMenu{}, nil
	}
	has.ID = shown.ID
	return has, err
}

// publish makes a menu, draws it, and shows it to everybody.
func (b *bot) publish(ctx context.Context, m richMenu, labels []string) error {
	var made struct {
		ID string `json:"richMenuId"`
	}
	if err := b.call(ctx, http.MethodPost, "/v2/bot/richmenu", m, &made); err != nil {
		return err
	}
	if made.ID == "" {
		return errUnclear
	}
	picture, err := paint(m.Size.Width/cellWidth, m.Size.Height/cellHeight, labels)
	if err != nil {
		return err
	}
	err = b.exchange(ctx, outside.Request{
		Method: http.MethodPost, URL: b.data + "/v2/bot/richmenu/" + made.ID + "/content",
		Header: map[string]string{"Content-Type": "image/png"}, Body: picture,
	}, nil)
	if err != nil {
		return err
	}
	return b.call(ctx, http.MethodPost, "/v2/bot/user/all/richmenu/"+made.ID, nil, nil)
}

// menuOf is the menu of a face, in the publisher's own language: its words, a
// cell each. Where the font has not all of their letters, one cell with a sign
// asks for the list of them.
func menuOf(f messengers.Face) (m richMenu, labels []string) {
	if len(f.Languages) == 0 {
		return m, nil
	}
	own := f.Languages[0]
	var cells []action
	for _, w := range f.Words[own] {
		if w.Label != "" && w.Send != "" && len(w.Send) <= maxData && len(cells) < maxCells {
			labels = append(labels, w.Label)
			cells = append(cells, action{Type: "postback", Label: within(w.Label, maxLabel), Data: w.Send, Display: w.Label})
		}
	}
	if command := f.Command[own]; !writable(labels) && command != "" {
		labels, cells = nil, []action{{Type: "message", Label: within(command, maxLabel), Text: command}}
	}
	if len(cells) == 0 {
		return m, nil
	}
	columns, rows := grid(len(cells))
	const most = 14
	m = richMenu{Size: size{columns * cellWidth, rows * cellHeight}, Bar: within(cmp.Or(f.Command[own], f.Name, "Menu"), most)}
	for i, c := range cells {
		m.Areas = append(m.Areas, area{Bounds: bounds{i % columns * cellWidth, i / columns * cellHeight, cellWidth, cellHeight}, Action: c})
	}
	sum := sha256.Sum256(encode(m))
	const letters = 8
	m.Name = ours + hex.EncodeToString(sum[:letters])
	return m, labels
}

// within cuts a text to so many runes.
func within(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

// read is a menu as people read it.
func (m richMenu) read() string {
	if !strings.HasPrefix(m.Name, ours) {
		return m.Name
	}
	var all []string
	for _, a := range m.Areas {
		all = append(all, a.Action.Label)
	}
	return strings.Join(all, ", ")
}
