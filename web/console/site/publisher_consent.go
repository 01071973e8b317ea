package site

import (
	"errors"
	"maps"
	"net/http"
	"strings"

	"keypull/pull/settings"
	"keypull/web/console"
)

// consentPart is the part of the settings about what readers agree to.
type consentPart struct{ *request }

// consent is what readers of a channel agree to. It is a setting of the
// channel, shown where one looks for it.
type consent struct {
	Channel, Version, Href string
	// field is the setting's name.
	field    string
	Form     inputs
	Disabled bool
	Message  string
}

// channelEntries are those of the publisher at work, at most a page of them.
func (r *request) channelEntries() ([]console.ChannelEntry, error) {
	const most = 200
	listed, err := console.ListChannels.Call(r.context(), console.ChannelList{Of: r.of(), Page: console.Page{Limit: most}})
	return listed.Channels, err
}

// consent finds the text where exactly one channel of the publisher asks for
// it; nil where none does or many, each of which has its own.
func (r consentPart) consent(provisioned bool) (*consent, error) {
	all, err := r.channelEntries()
	if err != nil {
		return nil, err
	}
	var found *consent
	for _, c := range all {
		f, asks := settings.First(kindFields(r.Kinds.Messenger, c.Channel), settings.Consent)
		if !asks {
			continue
		}
		if found != nil {
			return nil, nil
		}
		id, fixed := textOf(c.Channel, "id"), provisioned || !r.may(console.UpdateChannel)
		found = &consent{Channel: id, Version: c.Version, Href: r.at("channels", id), Disabled: fixed, field: f.Name,
			Form: inputs{{Name: "consent", Label: r.t("settings.consent"), Help: r.t("settings.consent_help"), Type: "lines",
				Value: textOf(tableOf(c.Channel, belowKind), f.Name), Disabled: fixed}}}
	}
	return found, nil
}

func (r consentPart) saveConsent() error {
	entry, b, err := publisherPages(r).settingsOf()
	if err != nil {
		return err
	}
	b.Form = publisherPages(r).publisherForm(publisherFormOf(entry.Publisher), oldPublisher)
	if b.Consent == nil {
		return r.leave(r.at("channels"), "")
	}
	text := strings.TrimSpace(r.PostForm.Get("consent"))
	b.Consent.Form[0].Value = text
	err = r.updateConsent(b.Consent, r.posted("version"), text)
	if err == nil {
		return r.leave(r.at("settings"), "saved")
	}
	var stale *console.Stale
	if errors.As(err, &stale) {
		b.Consent.Version, b.Consent.Message = stale.Version, r.t("settings.consent_stale")
		return publisherPages(r).showSettings(http.StatusConflict, b)
	}
	problems, ok := r.problems(err, "channel."+belowKind)
	if !ok {
		return err
	}
	for i, p := range problems {
		if rest, its := strings.CutPrefix(p.Field, b.Consent.field); its {
			problems[i].Field = b.Consent.Form[0].Name + rest
		}
	}
	b.Consent.Message = strings.Join(b.Consent.Form.refuse(problems), " ")
	return publisherPages(r).showSettings(http.StatusUnprocessableEntity, b)
}

// updateConsent changes one setting of a channel and leaves the others.
func (r consentPart) updateConsent(c *consent, version, text string) error {
	got, err := console.GetChannel.Call(r.context(), console.ChannelGet{Of: r.of(), ID: c.Channel})
	if err != nil {
		return err
	}
	values := map[string]any{c.field: text}
	for name, value := range tableOf(got.Channel, belowKind) {
		if name != c.field {
			values[name] = value
		}
	}
	doc := maps.Clone(got.Channel)
	doc[belowKind] = values
	in := console.ChannelUpdate{Of: r.of(), ID: c.Channel, Channel: doc}
	in.Version = version
	_, err = console.UpdateChannel.Call(r.context(), in)
	return err
}
