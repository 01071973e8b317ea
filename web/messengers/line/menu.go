package line

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

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

// syncMenu sees to the menu that everybody has below the chat. One that somebody
// else made is kept, and no longer shown.
func (b *bot) syncMenu(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	has, err := b.menu(ctx)
	if err != nil {
		return nil, b.Tried(err)
	}
	wants, labels := menuOf(f)
	if wants.Name == has.Name || wants.Name == "" && !strings.HasPrefix(has.Name, ours) {
		return nil, nil
	}
	drift := []messengers.Drift{{Part: "menu", Has: has.read(), Wants: wants.read()}}
	if !mend {
		return drift, nil
	}
	shown := ""
	if wants.Name == "" {
		err = b.Call(ctx, httpapi.Request{Method: http.MethodDelete, Path: "/v2/bot/user/all/richmenu"}, nil)
	} else {
		shown, err = b.show(ctx, wants, labels)
	}
	if err == nil {
		err = b.tidy(ctx, shown)
	}
	return drift, b.Tried(err)
}

// show has everybody see a menu: the same one that we made before, or a new one.
func (b *bot) show(ctx context.Context, m richMenu, labels []string) (id string, err error) {
	made, err := b.made(ctx)
	if err != nil {
		return "", err
	}
	for _, former := range made {
		if former.Name == m.Name && b.choose(ctx, former.ID) == nil {
			return former.ID, nil
		}
	}
	return b.publish(ctx, m, labels)
}

// tidy removes the menus that we made, but for the one that is shown.
func (b *bot) tidy(ctx context.Context, shown string) error {
	made, err := b.made(ctx)
	for _, m := range made {
		if m.ID != shown && err == nil {
			err = b.Call(ctx, httpapi.Request{Method: http.MethodDelete, Path: "/v2/bot/richmenu/" + m.ID}, nil)
		}
	}
	return err
}

// made returns the menus that we made.
func (b *bot) made(ctx context.Context) ([]richMenu, error) {
	var all struct {
		Menus []richMenu `json:"richmenus"`
	}
	if err := b.Get(ctx, "/v2/bot/richmenu/list", &all); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all.Menus, func(m richMenu) bool { return !strings.HasPrefix(m.Name, ours) }), nil
}

// menu returns the one that everybody has; a zero one where there is none.
func (b *bot) menu(ctx context.Context) (richMenu, error) {
	var shown struct {
		ID string `json:"richMenuId"`
	}
	err := b.Get(ctx, "/v2/bot/user/all/richmenu", &shown)
	if missing(err) || err == nil && shown.ID == "" {
		return richMenu{}, nil
	}
	if err != nil {
		return richMenu{}, err
	}
	var has richMenu
	err = b.Get(ctx, "/v2/bot/richmenu/"+shown.ID, &has)
	if missing(err) {
		return richMenu{}, nil
	}
	has.ID = shown.ID
	return has, err
}

// publish makes a menu, draws it, and shows it to everybody. One whose picture
// LINE does not take goes with the next tidying.
func (b *bot) publish(ctx context.Context, m richMenu, labels []string) (string, error) {
	var made struct {
		ID string `json:"richMenuId"`
	}
	if err := b.Post(ctx, "/v2/bot/richmenu", m, &made); err != nil {
		return "", err
	}
	if made.ID == "" {
		return "", b.Unclear()
	}
	picture := paint(m.Size.Width/cellWidth, m.Size.Height/cellHeight, labels)
	err := b.Call(ctx, httpapi.Request{
		Path: b.data + "/v2/bot/richmenu/" + made.ID + "/content", Header: map[string]string{"Content-Type": "image/png"}, Body: picture,
	}, nil)
	if err != nil {
		return "", err
	}
	return made.ID, b.choose(ctx, made.ID)
}

// choose shows everybody a menu that we made.
func (b *bot) choose(ctx context.Context, id string) error {
	return b.Post(ctx, "/v2/bot/user/all/richmenu/"+id, nil, nil)
}

// menuOf returns the menu of a face, in the publisher's own language: its words, a
// cell each. Where the font has not all of their letters, one cell with a sign
// asks for the list of them.
func menuOf(f messengers.Profile) (m richMenu, labels []string) {
	own := f.Language()
	var cells []action
	for _, w := range f.Words[own] {
		if w.Label != "" && w.Send != "" && len(w.Send) <= maxData && len(cells) < maxCells {
			labels = append(labels, w.Label)
			cells = append(cells, action{Type: "postback", Label: messengers.Short(w.Label, maxLabel), Data: w.Send, Display: w.Label})
		}
	}
	if command := f.Command[own]; !writable(labels) && command != "" {
		labels, cells = nil, []action{{Type: "message", Label: messengers.Short(command, maxLabel), Text: command}}
	}
	if len(cells) == 0 {
		return m, nil
	}
	columns, rows := grid(len(cells))
	const most = 14
	m = richMenu{Size: size{columns * cellWidth, rows * cellHeight}, Bar: messengers.Short(cmp.Or(f.Command[own], f.Name, "Menu"), most)}
	for i, c := range cells {
		m.Areas = append(m.Areas, area{Bounds: bounds{i % columns * cellWidth, i / columns * cellHeight, cellWidth, cellHeight}, Action: c})
	}
	sum := sha256.Sum256(messengers.JSON(m))
	const letters = 8
	m.Name = ours + hex.EncodeToString(sum[:letters])
	return m, labels
}

// read returns a menu as people read it.
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
