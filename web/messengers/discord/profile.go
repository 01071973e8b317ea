package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// maxProfile is how long the description of an app may be.
const maxProfile = 400

// SyncProfile compares where Discord delivers, what it says of the app and which
// commands it shows with what it should, and puts it right. Commands that others
// have made stay.
func (b *Bot) SyncProfile(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	if err := b.Try(ctx); err != nil {
		return nil, err
	}
	me := b.me.Load()
	var found []messengers.Drift
	changes := map[string]string{}
	if me.Interaction != b.hook {
		found = append(found, messengers.Drift{Part: "webhook", Has: me.Interaction, Wants: b.hook})
		changes["interactions_endpoint_url"] = b.hook
	}
	if about := messengers.Short(f.Greeting[f.Language()], maxProfile); !b.carried && me.Description != about {
		found = append(found, messengers.Drift{Part: "profile", Has: me.Description, Wants: about})
		changes["description"] = about
	}
	if mend && len(changes) > 0 {
		if err := b.call(ctx, httpapi.Request{Method: http.MethodPatch, Path: "/applications/@me", Body: changes}, nil); err != nil {
			return found, b.unset(err)
		}
	}
	drift, err := b.commanded(ctx, f, mend)
	return append(found, drift...), err
}

// commanded compares the commands, and puts all of them at once.
func (b *Bot) commanded(ctx context.Context, f messengers.Profile, mend bool) ([]messengers.Drift, error) {
	path := "/applications/" + b.application
	if b.guild != "" {
		path += "/guilds/" + b.guild
	}
	path += "/commands"
	var there []json.RawMessage
	if err := b.call(ctx, httpapi.Request{Path: path + "?with_localizations=true"}, &there); err != nil {
		return nil, b.unset(err)
	}
	wanted := commandsOf(f, b.guild == "")
	var has []spoken
	all := []any{}
	for _, raw := range there {
		var c spoken
		if json.Unmarshal(raw, &c) != nil {
			continue
		}
		if c.ours() || slices.ContainsFunc(wanted, func(w spoken) bool { return w.Name == c.Name && w.Type == max(c.Type, chatInput) }) {
			has = append(has, c)
			continue
		}
		all = append(all, raw)
	}
	d := messengers.Drift{Part: "commands", Has: listed(has, b.guild == ""), Wants: listed(wanted, b.guild == "")}
	if d.Has == d.Wants {
		return nil, nil
	}
	if mend {
		for _, c := range wanted {
			all = append(all, c)
		}
		if err := b.call(ctx, httpapi.Request{Method: http.MethodPut, Path: path, Body: all}, nil); err != nil {
			return []messengers.Drift{d}, b.unset(err)
		}
	}
	return []messengers.Drift{d}, nil
}

// unset returns what goes wrong with the face, as a Trier says it.
func (b *Bot) unset(err error) error {
	if httpapi.Denies(err) {
		return b.Tried(err)
	}
	return &pull.Error{Kind: pull.Unavailable, Op: "commands", Hint: own.Text("not_set", words.Args{"why": words.Said(err)}), Err: err}
}

// spoken is a command as Discord keeps it.
type spoken struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Help         string            `json:"description"`
	Helps        map[string]string `json:"description_localizations,omitempty"`
	Options      []spokenOption    `json:"options,omitempty"`
	Integrations []int             `json:"integration_types,omitempty"`
	Contexts     []int             `json:"contexts,omitempty"`
}

type spokenOption struct {
	Type      int               `json:"type"`
	Name      string            `json:"name"`
	Help      string            `json:"description"`
	Helps     map[string]string `json:"description_localizations,omitempty"`
	Required  bool              `json:"required,omitempty"`
	Completed bool              `json:"autocomplete,omitempty"`
}

const (
	chatInput   = 1
	ofText      = 3
	maxName     = 32
	maxNameHelp = 100
)

// ours tells a command that this kind has made: by the option that it has alone.
func (c *spoken) ours() bool {
	return len(c.Options) == 1 && c.Options[0].Type == ofText && c.Options[0].Name == more
}

// everywhere returns where a command for all may be used: in servers and by people,
// with the app directly and among others.
func everywhere() (integrations, contexts []int) { return []int{0, 1}, []int{0, 1, 2} }

// listed tells commands apart as people read them.
func listed(all []spoken, global bool) string {
	integrations, contexts := everywhere()
	lines := make([]string, 0, len(all))
	for _, c := range all {
		line := "/" + c.Name + inLanguages(c.Names) + " – " + c.Help + inLanguages(c.Helps)
		for _, o := range c.Options {
			line += fmt.Sprintf(" [%s: %s%s %d %t %t]", o.Name, o.Help, inLanguages(o.Helps), o.Type, o.Required, o.Completed)
		}
		slices.Sort(c.Integrations)
		slices.Sort(c.Contexts)
		if global && (!slices.Equal(c.Integrations, integrations) || !slices.Equal(c.Contexts, contexts)) {
			line += fmt.Sprint(" ", c.Integrations, c.Contexts)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

func inLanguages(texts map[string]string) string {
	var all []string
	for _, locale := range slices.Sorted(maps.Keys(texts)) {
		all = append(all, locale+": "+texts[locale])
	}
	if len(all) == 0 {
		return ""
	}
	return " (" + strings.Join(all, ", ") + ")"
}

// commandsOf returns the command that takes any words, and one for each word that
// can be called like a command. No two are called the same in any language.
func commandsOf(f messengers.Profile, global bool) []spoken {
	own := f.Language()
	all := []spoken{{Type: chatInput, Name: generic, Help: help(own, "command.does", ""), Helps: helps(f, "command.does", nil), Options: []spokenOption{{
		Type: ofText, Name: "keyword", Help: help(own, "command.keyword", ""), Helps: helps(f, "command.keyword", nil), Completed: true,
	}}}}
	for _, w := range f.Words[own] {
		labels := map[string]string{}
		c := spoken{Type: chatInput, Name: commandName(w.Label), Names: map[string]string{}, Options: []spokenOption{{
			Type: ofText, Name: more, Help: help(own, "command.more", ""), Helps: helps(f, "command.more", nil),
		}}}
		for _, l := range f.Languages {
			if i := slices.IndexFunc(f.Words[l], func(o messengers.Word) bool { return o.Send == w.Send }); i >= 0 {
				labels[l] = f.Words[l][i].Label
			}
			name := commandName(labels[l])
			for _, locale := range locales(l) {
				if name != "" && name != c.Name && !taken(all, locale, name) {
					c.Names[locale] = name
				}
			}
		}
		c.Help, c.Helps = help(own, "command.word", w.Label), helps(f, "command.word", labels)
		if c.Name != "" && !c.clashes(all) {
			all = append(all, c)
		}
	}
	for i := range all {
		if global {
			all[i].Integrations, all[i].Contexts = everywhere()
		}
	}
	return all
}

// called returns what a command is called where a locale is spoken.
func (c *spoken) called(locale string) string { return cmp.Or(c.Names[locale], c.Name) }

func taken(all []spoken, locale, name string) bool {
	return slices.ContainsFunc(all, func(c spoken) bool { return c.called(locale) == name })
}

// clashes tells whether a command is called like another one somewhere.
func (c *spoken) clashes(all []spoken) bool {
	for _, l := range append(words.Readers(), "") {
		for _, locale := range append(locales(l), "") {
			if taken(all, locale, c.called(locale)) {
				return true
			}
		}
	}
	return false
}

func help(language, key, word string) string {
	return messengers.Short(own.Say(language, key, words.Args{"word": word}), maxNameHelp)
}

// helps returns a description in the publisher's languages, as far as it is there.
func helps(f messengers.Profile, key string, labels map[string]string) map[string]string {
	all := map[string]string{}
	for _, l := range f.Languages {
		if !slices.Contains(words.Editors(), words.Base(l)) || labels != nil && labels[l] == "" {
			continue
		}
		for _, locale := range locales(l) {
			all[locale] = help(l, key, labels[l])
		}
	}
	return all
}

// locales returns what Discord calls a language; none where it does not speak it.
func locales(language string) []string {
	base := words.Base(language)
	regional := map[string][]string{"en": {"en-GB", "en-US"}, "es": {"es-419", "es-ES"}, "pt": {"pt-BR"}, "sv": {"sv-SE"}, "zh": {"zh-CN"}}
	const others = "bg cs da de el fi fr hi hr hu id it ja ko lt nl no pl ro ru th tr uk vi"
	if slices.Contains(strings.Fields(others), base) {
		return []string{base}
	}
	return regional[base]
}
