package site

import (
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/alarms"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// alarmPages say who is told what fails.
type alarmPages struct{ *request }

// alarmPlace is where they are, among the settings.
const alarmPlace = "alarms"

func (s *Site) alarmRoutes() {
	const at = Root + "/p/{publisher}/settings/" + alarmPlace
	s.route("GET "+at, pageAction(alarmPages.alarmsPage))
	s.route("POST "+at, gatedFor(alarms.CreateAlarm, pageAction(alarmPages.createAlarm)))
	s.route("GET "+at+"/{alarm}", gatedFor(alarms.UpdateAlarm, pageAction(alarmPages.alarmPage)))
	s.route("POST "+at+"/{alarm}", gatedFor(alarms.UpdateAlarm, pageAction(alarmPages.saveAlarm)))
	s.route("POST "+at+"/{alarm}/try", gatedFor(alarms.TryAlarm, pageAction(alarmPages.tryAlarm)))
	s.route("POST "+at+"/{alarm}/renew", gatedFor(alarms.RenewAlarm, pageAction(alarmPages.renewAlarm)))
	s.route("GET "+at+"/{alarm}/delete", pageAction(alarmPages.deletePage))
	s.route("POST "+at+"/{alarm}/delete", gatedFor(alarms.DeleteAlarm, pageAction(alarmPages.deleteAlarm)))
}

// alarmsBody is what the page of all addresses shows.
type alarmsBody struct {
	Head    pages.Header
	Action  string
	Form    inputs
	Message string
	// Made is what was just made and is shown this once, with what to do with it.
	Made     *pages.Code
	MadeText string
	Alarms   []alarmRow
	// Fixed says why nobody may add one; empty where the visitor may.
	Fixed string
}

// alarmRow is an address.
type alarmRow struct {
	alarms.Alarm
	Badge                                pages.Badge
	Way, Quiet, At, Try, Renew, RenewFor string
}

func (r alarmPages) listAlarms() (alarms.AlarmListed, error) {
	return alarms.ListAlarms.Call(r.callContext(), r.publisherInput())
}

func (r alarmPages) rowOf(a alarms.Alarm) alarmRow {
	states := map[string]string{"told": "ok", "failed": "bad", "stopped": "idle", "waits": "warning"}
	row := alarmRow{Alarm: a, Badge: pages.Badge{State: states[a.State], Text: r.t("alarm.state_" + a.State)}, Way: r.t("alarm.way_" + a.Way), RenewFor: r.t("alarm.renew_" + a.Way)}
	if a.Quiet != "" {
		row.Quiet = r.t("alarm.quiet_is", "hours", a.Quiet)
	}
	if !r.mayDo(alarms.UpdateAlarm) {
		return row
	}
	row.At, row.Renew = r.pathTo("settings", alarmPlace, a.ID), r.pathTo("settings", alarmPlace, a.ID, "renew")
	if a.State == "told" || a.State == "failed" {
		row.Try = r.pathTo("settings", alarmPlace, a.ID, "try")
	}
	return row
}

func (r alarmPages) readAlarms() (alarmsBody, error) {
	listed, err := r.listAlarms()
	b := alarmsBody{Head: pages.Header{Title: r.t("alarm.title"), Lead: r.t("alarm.lead")}, Action: r.pathTo("settings", alarmPlace)}
	if err != nil {
		return b, err
	}
	for _, a := range listed.Alarms {
		b.Alarms = append(b.Alarms, r.rowOf(a))
	}
	switch {
	case !r.mayDo(alarms.CreateAlarm):
		b.Fixed = r.t("alarm.not_yours")
	case len(listed.Alarms) >= listed.Most:
		b.Fixed = r.t("alarm.full", "n", listed.Most)
	default:
		b.Form = r.newForm(listed)
	}
	return b, nil
}

// newForm asks for an address. A mailbox can be told where a channel sends letters.
func (r alarmPages) newForm(listed alarms.AlarmListed) inputs {
	way := input{Name: "way", Label: r.t("alarm.way"), Help: r.t("alarm.way_help"), Type: "select"}
	for _, w := range []string{"account", "mailbox", "webhook"} {
		way.Options = append(way.Options, r.labelledOption(w, "alarm.way_"+w))
	}
	form := inputs{way, {Name: "mailbox", Label: r.t("alarm.mailbox"), Help: r.t("alarm.mailbox_help"), Type: "email", Autocomplete: "off"}}
	if len(listed.Mails) > 1 {
		channel := input{Name: "channel", Label: r.t("alarm.what_channel", "name", ""), Type: "select"}
		for _, id := range listed.Mails {
			channel.Options = append(channel.Options, pages.Option{Value: id, Label: id})
		}
		form = append(form, channel)
	}
	form = append(form, input{Name: "url", Label: r.t("alarm.url"), Help: r.t("alarm.url_help"), Type: "url", Autocomplete: "off"})
	return append(form, r.keptForm(alarms.Alarm{Language: r.language})...)
}

// keptForm asks for what of an address can be changed.
func (r alarmPages) keptForm(a alarms.Alarm) inputs {
	language := input{Name: "language", Label: r.t("alarm.language"), Type: "select"}
	for _, tag := range words.Editors() {
		language.Options = append(language.Options, pages.Option{Value: tag, Label: r.languageName(tag), Selected: tag == a.Language})
	}
	from, until, _ := strings.Cut(a.Quiet, "-")
	return inputs{language,
		{Name: "quiet", Label: r.t("alarm.quiet"), Help: r.t("alarm.quiet_help"), Type: "time", Value: from, Autocomplete: "off"},
		{Name: "quiet_until", Label: r.t("alarm.quiet_until"), Type: "time", Value: until, Autocomplete: "off"}}
}

// postedKept returns what of an address was posted.
func (r alarmPages) postedKept() alarms.AlarmKept {
	kept := alarms.AlarmKept{Language: r.postedValue("language")}
	if from, until := r.postedValue("quiet"), r.postedValue("quiet_until"); from != "" || until != "" {
		kept.Quiet = from + "-" + until
	}
	return kept
}

func (r alarmPages) showAlarms(status int, b alarmsBody) error {
	return r.showAs(status, "page_alarms", pages.Page{Title: b.Head.Title, Body: b})
}

func (r alarmPages) alarmsPage() error { return showRead(r.readAlarms, r.showAlarms) }

func (r alarmPages) createAlarm() error {
	made, refusal := alarms.CreateAlarm.Call(r.callContext(), alarms.AlarmCreate{
		Of: r.publisherInput(), Way: r.postedValue("way"), Mailbox: r.postedValue("mailbox"), Channel: r.postedValue("channel"), URL: r.postedValue("url"), AlarmKept: r.postedKept(),
	})
	return r.showMade(made, refusal, func(b *alarmsBody) inputs {
		b.Form.fillPosted(r.PostForm)
		return b.Form
	})
}

// showMade shows the code or secret that was made, or leads on where there is none.
func (r alarmPages) showMade(made alarms.AlarmMade, refusal error, form func(*alarmsBody) inputs) error {
	if refusal == nil && made.Code == "" && made.Secret == "" {
		return r.redirectDone(r.pathTo("settings", alarmPlace), "alarm_asked")
	}
	b, err := r.readAlarms()
	if err != nil {
		return err
	}
	switch {
	case console.KindOf(refusal) == pull.Unavailable:
		form(&b)
		b.Message = r.hintText(refusal)
		return r.showAlarms(console.StatusOf(refusal), b)
	case refusal != nil:
		var ok bool
		if b.Message, ok = r.refuseForm(form(&b), refusal); !ok {
			return refusal
		}
		return r.showAlarms(console.StatusOf(refusal), b)
	case made.Code != "":
		b.Made, b.MadeText = &pages.Code{ID: "alarm-code", Label: r.t("alarm.code_made"), Text: made.Code}, r.t("alarm.code_text")
	default:
		b.Made, b.MadeText = &pages.Code{ID: "alarm-secret", Label: r.t("alarm.secret_made"), Text: made.Secret}, r.t("alarm.secret_text")
	}
	return r.showAlarms(http.StatusOK, b)
}

func (r alarmPages) alarmInput() alarms.AlarmGet {
	return alarms.AlarmGet{Of: r.publisherInput(), ID: r.PathValue("alarm")}
}

func (r alarmPages) renewAlarm() error {
	made, refusal := alarms.RenewAlarm.Call(r.callContext(), r.alarmInput())
	return r.showMade(made, refusal, func(*alarmsBody) inputs { return nil })
}

func (r alarmPages) tryAlarm() error {
	_, refusal := alarms.TryAlarm.Call(r.callContext(), r.alarmInput())
	if refusal == nil {
		return r.redirectDone(r.pathTo("settings", alarmPlace), "alarm_tried")
	}
	return r.showMade(alarms.AlarmMade{}, refusal, func(*alarmsBody) inputs { return nil })
}

// alarmBody is what the page of one address shows.
type alarmBody struct {
	Head                    pages.Header
	Action, Message, Remove string
	Form                    inputs
	Row                     alarmRow
}

// findAlarm returns the address that the path names.
func (r alarmPages) findAlarm() (alarms.Alarm, error) {
	listed, err := r.listAlarms()
	if err != nil {
		return alarms.Alarm{}, err
	}
	i := slices.IndexFunc(listed.Alarms, func(a alarms.Alarm) bool { return a.ID == r.PathValue("alarm") })
	if i < 0 {
		return alarms.Alarm{}, alarms.NoAlarm()
	}
	return listed.Alarms[i], nil
}

func (r alarmPages) readAlarm() (alarmBody, error) {
	a, err := r.findAlarm()
	if err != nil {
		return alarmBody{}, err
	}
	return alarmBody{
		Head: pages.Header{Title: a.Address, Lead: r.t("alarm.way_" + a.Way)}, Action: r.pathTo("settings", alarmPlace, a.ID),
		Remove: r.pathTo("settings", alarmPlace, a.ID, "delete"), Form: r.keptForm(a), Row: r.rowOf(a),
	}, nil
}

func (r alarmPages) showAlarm(status int, b alarmBody) error {
	return r.showAs(status, "page_alarm", pages.Page{Title: b.Head.Title, Body: b, Crumbs: []pages.Crumb{{Label: r.t("alarm.title"), Href: r.pathTo("settings", alarmPlace)}}})
}

func (r alarmPages) alarmPage() error { return showRead(r.readAlarm, r.showAlarm) }

func (r alarmPages) saveAlarm() error {
	_, refusal := alarms.UpdateAlarm.Call(r.callContext(), alarms.AlarmUpdate{AlarmGet: r.alarmInput(), AlarmKept: r.postedKept()})
	if refusal == nil {
		return r.redirectDone(r.pathTo("settings", alarmPlace), "alarm_saved")
	}
	return showRefused(r.request, refusal, r.readAlarm, func(b *alarmBody) (inputs, *string) { return b.Form, &b.Message }, r.showAlarm)
}

func (r alarmPages) deletePage() error {
	a, err := r.findAlarm()
	if err != nil {
		return err
	}
	return r.showConfirm(pages.Confirm{Title: r.t("alarm.remove_title", "name", a.Address), Text: r.t("alarm.remove_text"), Yes: r.t("alarm.remove"), Cancel: r.pathTo("settings", alarmPlace), Danger: true})
}

func (r alarmPages) deleteAlarm() error {
	if _, err := alarms.DeleteAlarm.Call(r.callContext(), r.alarmInput()); err != nil {
		return err
	}
	return r.redirectDone(r.pathTo("settings", alarmPlace), "alarm_removed")
}
