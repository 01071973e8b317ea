package console

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// KindList is the input of "kind.list".
type KindList struct {
	Language string `json:"language,omitempty" query:"language" doc:"The language of titles and labels; the caller's where not given, English where not known."`
}

// KindListed is the output, in the order of menus.
type KindListed struct {
	Sources    []KindEntry `json:"sources"`
	Messengers []KindEntry `json:"messengers"`
	Bridges    []KindEntry `json:"bridges" doc:"Where conversations with readers can be carried to."`
}

// KindEntry is a kind of source, messenger or bridge.
type KindEntry struct {
	Name   string           `json:"name"`
	Title  string           `json:"title"`
	Help   string           `json:"help"`
	Fields []settings.Field `json:"fields"`
	Schema map[string]any   `json:"schema" doc:"JSON schema of the settings."`
	// Facts are those that items of a source kind may have; nil where any may
	// come.
	Facts []string `json:"facts,omitempty" doc:"What items may tell beside title, text, link and picture."`
	// Limits are those of a messenger kind.
	Limits *KindLimits `json:"limits,omitempty"`
	Icon   string      `json:"icon,omitempty" doc:"A small picture of the kind, as SVG."`
	Page   bool        `json:"page,omitempty" doc:"Channels of this kind have a page of their own."`
	// Guide is there for messenger kinds.
	Guide *messengers.Guide `json:"guide,omitempty" doc:"How an account of a messenger kind comes about."`
}

// KindLimits are what a messenger can carry.
type KindLimits struct {
	Text     int             `json:"text" doc:"The most of one message's text, in its unit."`
	Unit     messengers.Unit `json:"unit" enum:"runes,utf16,bytes,segments"`
	Messages int             `json:"messages" doc:"How many messages one reply may take."`
	Markup   string          `json:"markup,omitempty" doc:"What texts are marked up in; plain text where empty."`
	Subject  int             `json:"subject,omitempty" doc:"The most of a message's title, in characters."`
	Buttons  int             `json:"buttons" doc:"How many one message may have; without, they become words."`
	Label    int             `json:"label" doc:"The most of a button's label, in characters."`
	Rows     int             `json:"rows,omitempty" doc:"How many entries a list to choose from may have."`
	Row      int             `json:"row,omitempty" doc:"The most of such an entry, in characters."`
	Images   bool            `json:"images"`
	Media    []KindMedia     `json:"media,omitempty" doc:"What can be sent by its address."`
	Caption  int             `json:"caption,omitempty" doc:"The most of the text beside a picture, in its unit."`
	SMS      bool            `json:"sms"`
	InBand   float64         `json:"in_band_seconds,omitempty" doc:"For how long the platform waits for an answer in the response to its own request."`
	Window   float64         `json:"window_hours,omitempty" doc:"For how long after a reader's last message the platform takes others."`
	Rate     float64         `json:"rate,omitempty" doc:"The most messages a second."`
}

// KindMedia is a type of media that a messenger carries.
type KindMedia struct {
	Type  what.MediaType `json:"type" enum:"image,sound,video,document"`
	Bytes int64          `json:"bytes,omitempty" doc:"The most of one; any size where not given."`
}

// ListKinds is "kind.list".
var ListKinds = Declare[KindList, KindListed](Declaration{
	Name: "kind.list", Permission: Read, Method: http.MethodGet, Path: "/kinds",
	Summary: "List the kinds of sources, messengers and bridges with their settings.",
})

func (p Publishing) listKinds(ctx context.Context, in KindList) (KindListed, error) {
	return p.Kinds.Listed(cmp.Or(in.Language, CallerLanguage(ctx)))
}

// Listed describes the kinds in a language.
func (k Kinds) Listed(language string) (KindListed, error) {
	sources, err := kindEntries(k.Sources, language)
	if err != nil {
		return KindListed{}, err
	}
	messengers, err := kindEntries(k.Messengers, language)
	if err != nil {
		return KindListed{}, err
	}
	bridges, err := kindEntries(k.Bridges, language)
	return KindListed{Sources: sources, Messengers: messengers, Bridges: bridges}, err
}

func kindEntries(kinds []Kind, language string) ([]KindEntry, error) {
	all := make([]KindEntry, len(kinds))
	for i, k := range kinds {
		fields, err := settings.Fields(k.New())
		if err != nil {
			return nil, fmt.Errorf("kind %s: %w", k.Name, err)
		}
		schema, err := settings.Schema(k.New())
		if err != nil {
			return nil, fmt.Errorf("kind %s: %w", k.Name, err)
		}
		title, help := k.In(language)
		all[i] = KindEntry{
			Name: k.Name, Title: title, Help: help, Guide: k.Guide,
			Fields: settings.Translate(fields, k.Words, language, ""), Schema: schema, Facts: k.Facts, Icon: k.Icon, Page: k.Page,
		}
		if k.Preview != nil {
			all[i].Limits = limitsOf(k.Preview.Limits())
		}
	}
	return all, nil
}

func limitsOf(l messengers.Limits) *KindLimits {
	shown := &KindLimits{
		Text: l.Text, Unit: l.Unit, Messages: l.Messages, Markup: l.Markup.Name, Subject: l.Subject,
		Buttons: l.Buttons, Label: l.LabelRunes, Rows: l.Rows, Row: l.RowRunes, Caption: l.Caption,
		Images: l.Carries(what.Media{Type: what.Image}), SMS: l.SMS, InBand: l.InBand.Seconds(), Window: l.Window.Hours(), Rate: l.Rate,
	}
	for _, t := range []what.MediaType{what.Image, what.Sound, what.Video, what.Document} {
		if most, carried := l.Media[t]; carried {
			shown.Media = append(shown.Media, KindMedia{Type: t, Bytes: most})
		}
	}
	return shown
}
