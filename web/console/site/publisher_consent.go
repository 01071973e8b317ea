package site

import (
	"errors"
	"maps"
	"net/http"
	"strings"

	"keypull/web/console"
)

// consentPart is the part of the settings about what readers agree to.
type consentPart struct{ *request }

// webchat is the kind of the channel that has a page of its own and asks its
// readers to agree to something.
const webchat = "webchat"

// consent is what readers of the web chat agree to. It is a setting of the
// channel, shown where one looks for it.
type consent struct {
	Channel, Version, Href string
	Form                   inputs
	Disabled               bool
	Message                string
}

// channelEntries are those of the publisher at work, at most a page of them.
func (r *request) channelEntries() ([]console.ChannelEntry, error) {
	const most = 200
	listed, err := do[console.ChannelList, console.ChannelListed](r, "channel.list",
		console.ChannelList{Of: r.of(), Page: console.Page{Limit: most}})
	return listed.Channels, err
}

// consent finds the text where the publisher has exactly one web chat; nil
// where it has none or many, each of which has its own.
func (r consentPart) consent(provisioned bool) (*consent, error) {
	all, err := r.channelEntries()
	if err != nil {
		return nil, err
	}
	var found *consent
	for _, c := range all {
		if textOf(c.Channel, "kind") != webchat {
			continue
		}
		if found != nil {
			return nil, nil
		}
		values, _ := c.Channel["settings"].(map[string]any)
		id := textOf(c.Channel, "id")
		found = &consent{Channel: id, Version: c.Version, Href: r.at("channels", id), Disabled: provisioned || !r.may(console.Write),
			Form: inputs{{Name: "consent", Label: r.t("settings.consent"), Help: r.t("settings.consent_help"), Type: "lines",
				Value: textOf(values, "consent"), Disabled: provisioned || !r.may(console.Write)}}}
	}
	return found, nil
}

func (r consentPart) saveConsent() error {
	entry, b, err := publisherPages{r.request}.settingsOf()
	if err != nil {
		return err
	}
	b.Form = publisherPages{r.request}.publisherForm(publisherFormOf(entry.Publisher), oldPublisher)
	if b.Consent == nil {
		return r.leave(r.at("channels"), "")
	}
	text := strings.TrimSpace(r.PostForm.Get("consent"))
	b.Consent.Form[0].Value = text
	err = r.updateConsent(b.Consent.Channel, r.PostForm.Get("version"), text)
	if err == nil {
		return r.leave(r.at("settings"), "saved")
	}
	var stale *console.Stale
	if errors.As(err, &stale) {
		b.Consent.Version, b.Consent.Message = stale.Version, r.t("settings.consent_stale")
		return publisherPages{r.request}.showSettings(http.StatusConflict, b)
	}
	problems, ok := r.problems(err, "channel.settings")
	if !ok {
		return err
	}
	b.Consent.Message = strings.Join(b.Consent.Form.refuse(problems), " ")
	return publisherPages{r.request}.showSettings(http.StatusUnprocessableEntity, b)
}

// updateConsent changes one setting of a channel and leaves the others.
func (r consentPart) updateConsent(channel, version, text string) error {
	got, err := do[console.ChannelGet, console.ChannelEntry](r.request, "channel.get", console.ChannelGet{Of: r.of(), ID: channel})
	if err != nil {
		return err
	}
	values := map[string]any{}
	if old, ok := got.Channel["settings"].(map[string]any); ok {
		values = maps.Clone(old)
	}
	values["consent"] = text
	doc := maps.Clone(got.Channel)
	doc["settings"] = values
	in := console.ChannelUpdate{Of: r.of(), ID: channel, Channel: doc}
	in.Version = version
	_, err = do[console.ChannelUpdate, console.ChannelEntry](r.request, "channel.update", in)
	return err
}
