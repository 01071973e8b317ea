package line

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// SyncProfile compares the webhook's address and the menu below the chat with what
// they should be.
func (b *bot) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	menu, err := b.syncMenu(ctx, f, mend)
	if err != nil {
		return menu, err
	}
	hook, err := b.syncHook(ctx, mend)
	return append(menu, hook...), err
}

// syncHook sees to where deliveries go, and has LINE try a new address. That
// they go at all is switched on by hand, and said where it is not.
func (b *bot) syncHook(ctx context.Context, mend bool) ([]messengers.Drift, error) {
	var has struct {
		Endpoint string `json:"endpoint"`
		Active   *bool  `json:"active"`
	}
	if err := b.Get(ctx, "/v2/bot/channel/webhook/endpoint", &has); err != nil && !missing(err) {
		return nil, b.Tried(err)
	}
	if has.Endpoint == b.hook {
		if has.Active != nil && !*has.Active {
			return nil, messengers.Invalid(own.Text("hook_off", nil))
		}
		return nil, nil
	}
	drift := []messengers.Drift{{Part: "webhook", Has: has.Endpoint, Wants: b.hook}}
	if !mend {
		return drift, nil
	}
	if !strings.HasPrefix(b.hook, "https://") {
		return drift, messengers.Invalid(own.Text("no_https", nil))
	}
	if err := b.Call(ctx, httpapi.Request{Method: http.MethodPut, Path: "/v2/bot/channel/webhook/endpoint", Body: map[string]string{"endpoint": b.hook}}, nil); err != nil {
		return drift, b.Tried(err)
	}
	var test struct {
		Success bool   `json:"success"`
		Reason  string `json:"reason"`
	}
	if err := b.Post(ctx, "/v2/bot/channel/webhook/test", map[string]string{"endpoint": b.hook}, &test); err != nil {
		return drift, b.Tried(err)
	}
	if !test.Success {
		return drift, &pull.Error{Kind: pull.Unavailable, Hint: own.Text("hook_silent", words.Args{"reason": test.Reason})}
	}
	return drift, nil
}

// missing says that LINE has nothing of what was asked for.
func missing(err error) bool { return httpapi.Fits(err, httpapi.Fault{Status: http.StatusNotFound}) }

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
	drift := []messengers.Drift{{Part: "menu", Has: has.describeMenu(), Wants: wants.describeMenu()}}
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
	made, err := b.listOurMenus(ctx)
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
	made, err := b.listOurMenus(ctx)
	for _, m := range made {
		if m.ID != shown && err == nil {
			err = b.Call(ctx, httpapi.Request{Method: http.MethodDelete, Path: "/v2/bot/richmenu/" + m.ID}, nil)
		}
	}
	return err
}

// listOurMenus returns the menus that we made.
func (b *bot) listOurMenus(ctx context.Context) ([]richMenu, error) {
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

// describeMenu returns a menu as people read it.
func (m richMenu) describeMenu() string {
	if !strings.HasPrefix(m.Name, ours) {
		return m.Name
	}
	var all []string
	for _, a := range m.Areas {
		all = append(all, a.Action.Label)
	}
	return strings.Join(all, ", ")
}

// A menu is a grid of cells, three at most in a row, within what LINE takes: 800
// to 2,500 wide, and no taller than two thirds of that.
const (
	cellWidth  = 800
	cellHeight = 400
	maxCells   = 10
	maxColumns = 3
	margin     = 40
)

// grid returns how many columns and rows so many cells stand in.
func grid(cells int) (columns, rows int) {
	const square = 4
	columns = min(cells, maxColumns)
	if cells == square {
		columns = 2
	}
	return columns, (cells + columns - 1) / columns
}

// The greys of a menu.
var (
	paper = color.Gray{Y: 0xf6}
	edge  = color.Gray{Y: 0xd0}
	ink   = color.Gray{Y: 0x20}
)

// paint draws a menu: the label of each cell, or a sign for a list where there
// is one cell without.
func paint(columns, rows int, labels []string) []byte {
	img := image.NewGray(image.Rect(0, 0, columns*cellWidth, rows*cellHeight))
	draw.Draw(img, img.Bounds(), image.NewUniform(edge), image.Point{}, draw.Src)
	faces := facesOf()
	for i := range columns * rows {
		cell := image.Rect(0, 0, cellWidth, cellHeight).Add(image.Pt(i%columns*cellWidth, i/columns*cellHeight))
		draw.Draw(img, cell.Inset(3), image.NewUniform(paper), image.Point{}, draw.Src)
		switch {
		case len(labels) == 0:
			bars(img, cell)
		case i < len(labels):
			drawLabel(img, cell, faces, labels[i])
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory, it can't fail
	return b.Bytes()
}

// bars draw the sign for a list: three bars in the middle of a cell.
func bars(img draw.Image, cell image.Rectangle) {
	const length, thick, apart = 240, 28, 76
	middle := cell.Min.Add(cell.Size().Div(2))
	for n := -1; n <= 1; n++ {
		bar := image.Rect(-length/2, n*apart-thick/2, length/2, n*apart+thick/2).Add(middle)
		draw.Draw(img, bar, image.NewUniform(ink), image.Point{}, draw.Src)
	}
}

// drawLabel sets a label in the middle of a cell, as large as it fits.
func drawLabel(img draw.Image, cell image.Rectangle, faces []font.Face, label string) {
	face, room := faces[len(faces)-1], fixed.I(cellWidth-2*margin)
	for _, f := range faces {
		if font.MeasureString(f, label) <= room {
			face = f
			break
		}
	}
	for n := len([]rune(label)); font.MeasureString(face, label) > room && n > 1; n-- {
		label = messengers.Short(label, n)
	}
	height := face.Metrics().CapHeight
	d := font.Drawer{Dst: img, Src: image.NewUniform(ink), Face: face, Dot: fixed.Point26_6{
		X: fixed.I(cell.Min.X) + (fixed.I(cellWidth)-font.MeasureString(face, label))/2,
		Y: fixed.I(cell.Min.Y) + (fixed.I(cellHeight)+height)/2,
	}}
	d.DrawString(label)
}

// menuFont is the font that menus are set in.
var menuFont = sync.OnceValue(func() *sfnt.Font {
	parsed, _ := opentype.Parse(gomedium.TTF) // it is a part of the binary
	return parsed
})

// facesOf returns its sizes, the largest first.
func facesOf() (all []font.Face) {
	for _, pixels := range []float64{110, 88, 70, 56} {
		const dots = 72                                                                                                    // a point is a pixel
		face, _ := opentype.NewFace(menuFont(), &opentype.FaceOptions{Size: pixels, DPI: dots, Hinting: font.HintingNone}) // it never fails
		all = append(all, face)
	}
	return all
}

// writable says that the font of menus has all letters of some labels.
func writable(labels []string) bool {
	var buffer sfnt.Buffer
	return !strings.ContainsFunc(strings.Join(labels, ""), func(r rune) bool {
		glyph, err := menuFont().GlyphIndex(&buffer, r)
		return err != nil || glyph == 0
	})
}
