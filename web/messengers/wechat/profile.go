package wechat

import (
	"bytes"
	"cmp"
	"context"
	"strings"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// button is one of the menu, or a list of them.
type button struct {
	Type string   `json:"type,omitempty"`
	Name string   `json:"name"`
	Key  string   `json:"key,omitempty"`
	Sub  []button `json:"sub_button,omitempty"`
}

// SyncProfile compares the menu below the chat with what it should be. Where messages
// go is said by hand: WeChat has no API for that.
func (a *account) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	has, err := a.menu(ctx)
	if err != nil {
		return nil, a.Tried(err)
	}
	wants := menuOf(f)
	if bytes.Equal(messengers.JSON(has), messengers.JSON(wants)) || len(wants) == 0 && !ours(has) {
		return nil, nil
	}
	drift := []messengers.Drift{{Part: "menu", Has: readable(has), Wants: readable(wants)}}
	switch {
	case !mend:
	case len(wants) == 0:
		err = a.act(ctx, "/cgi-bin/menu/delete", nil)
	default:
		err = a.act(ctx, "/cgi-bin/menu/create", map[string]any{"button": wants})
	}
	return drift, a.Tried(err)
}

// ours says that a menu has no button but ours.
func ours(all []button) bool {
	for _, b := range all {
		single := len(b.Sub) == 0
		if single && (b.Type != "click" || !payload(b.Key)) || !single && !ours(b.Sub) {
			return false
		}
	}
	return len(all) > 0
}

// menu returns the one that readers see, made by the API or by hand.
func (a *account) menu(ctx context.Context) ([]button, error) {
	var shown struct {
		Info struct {
			Buttons []struct {
				button
				Sub struct {
					List []button `json:"list"`
				} `json:"sub_button"`
			} `json:"button"`
		} `json:"selfmenu_info"`
	}
	err := a.call(ctx, "/cgi-bin/get_current_selfmenu_info", nil, &shown)
	if httpapi.Says(err, "46003") { // there is none
		return nil, nil
	}
	var all []button
	for _, b := range shown.Info.Buttons {
		one := b.button
		one.Sub = b.Sub.List
		all = append(all, one)
	}
	return all, err
}

// How many buttons a menu has and how long their names are, in bytes.
const (
	maxTop     = 3
	maxSub     = 5
	topBytes   = 16
	subBytes   = 60
	maxKeySize = 128
)

// menuOf returns the menu of a face, in the publisher's own language: three words, or
// two and a list of the others.
func menuOf(f messengers.Profile) []button {
	var words []messengers.Word
	for _, w := range f.Words[f.Language()] {
		if w.Label != "" && w.Send != "" && len(w.Send) <= maxKeySize {
			words = append(words, w)
		}
	}
	press := func(w messengers.Word, most int) button {
		return button{Type: "click", Name: within(w.Label, most), Key: w.Send}
	}
	var all []button
	more := words[min(len(words), maxTop):]
	if len(more) > 0 {
		words, more = words[:maxTop-1], words[maxTop-1:]
	}
	for _, w := range words {
		all = append(all, press(w, topBytes))
	}
	if len(more) > 0 {
		list := button{Name: within(cmp.Or(f.Command[f.Language()], "Menu"), topBytes)}
		for _, w := range more[:min(len(more), maxSub)] {
			list.Sub = append(list.Sub, press(w, subBytes))
		}
		all = append(all, list)
	}
	return all
}

// within cuts a name to so many bytes, between letters.
func within(s string, most int) string {
	const mark = "…"
	if len(s) > most {
		s = messengers.Bytes.Cut(s, most-len(mark)) + mark
	}
	return s
}

// readable returns a menu as people read it.
func readable(all []button) string {
	var names []string
	for _, b := range all {
		name := b.Name
		if len(b.Sub) > 0 {
			name += " (" + readable(b.Sub) + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}
