package whatsapp

import (
	"encoding/json"

	"keypull/web/messengers/meta"
)

// update is what a change of the field "messages" tells.
type update struct {
	Metadata struct {
		Number meta.Word `json:"display_phone_number"`
		ID     meta.Word `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts []json.RawMessage `json:"contacts"`
	Messages []json.RawMessage `json:"messages"`
	Statuses []json.RawMessage `json:"statuses"`
}

// contact names the two ids of a person.
type contact struct {
	Phone    meta.Word `json:"wa_id"`
	Business meta.Word `json:"user_id"`
}

type message struct {
	ID       meta.Word `json:"id"`
	From     meta.Word `json:"from"`
	Business meta.Word `json:"from_user_id"`
	Group    meta.Word `json:"group_id"`
	Type     string    `json:"type"`
	// Time is when it was written, in seconds.
	Time    meta.Word `json:"timestamp"`
	Context struct {
		From meta.Word `json:"from"`
	} `json:"context"`
	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Button struct {
		Text    string    `json:"text"`
		Payload meta.Word `json:"payload"`
	} `json:"button"`
	Interactive struct {
		Button pressed `json:"button_reply"`
		List   pressed `json:"list_reply"`
	} `json:"interactive"`
	Image    caption `json:"image"`
	Video    caption `json:"video"`
	Document caption `json:"document"`
	Location *struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
		Name      string  `json:"name"`
		Address   string  `json:"address"`
	} `json:"location"`
	Reaction struct {
		Emoji   string    `json:"emoji"`
		Message meta.Word `json:"message_id"`
	} `json:"reaction"`
	System struct {
		Phone    meta.Word `json:"wa_id"`
		NewPhone meta.Word `json:"new_wa_id"`
		Business meta.Word `json:"user_id"`
		Former   meta.Word `json:"previous_user_id"`
	} `json:"system"`
	Edit struct {
		Original meta.Word       `json:"original_message_id"`
		Message  json.RawMessage `json:"message"`
	} `json:"edit"`
	Revoke struct {
		Original meta.Word `json:"original_message_id"`
	} `json:"revoke"`
}

type pressed struct {
	ID    meta.Word `json:"id"`
	Title string    `json:"title"`
}

type caption struct {
	Caption string `json:"caption"`
}

// status is what became of a message.
type status struct {
	ID       meta.Word `json:"id"`
	Status   string    `json:"status"`
	Phone    meta.Word `json:"recipient_id"`
	Business meta.Word `json:"recipient_user_id"`
	Key      string    `json:"biz_opaque_callback_data"`
	Errors   []struct {
		Code int `json:"code"`
	} `json:"errors"`
}
