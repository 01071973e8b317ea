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
	}
	Contacts, Messages, Statuses []json.RawMessage
}

// contact names the two ids of a person.
type contact struct {
	Phone    meta.Word `json:"wa_id"`
	Business meta.Word `json:"user_id"`
}

type message struct {
	ID, From meta.Word
	Business meta.Word `json:"from_user_id"`
	Group    meta.Word `json:"group_id"`
	Type     string
	// Time is when it was written, in seconds.
	Time    meta.Word `json:"timestamp"`
	Context struct{ From meta.Word }
	Text    struct{ Body string }
	Button  struct {
		Text    string
		Payload meta.Word
	}
	Interactive struct {
		Button pressed `json:"button_reply"`
		List   pressed `json:"list_reply"`
	}
	// The files by their types.
	Image, Video, Document, Audio, Sticker file
	Location                               *struct {
		Latitude, Longitude float64
		Name, Address       string
	}
	Reaction struct {
		Emoji   string
		Message meta.Word `json:"message_id"`
	}
	System struct {
		Phone    meta.Word `json:"wa_id"`
		NewPhone meta.Word `json:"new_wa_id"`
		Business meta.Word `json:"user_id"`
		Former   meta.Word `json:"previous_user_id"`
	}
	Edit struct {
		Original meta.Word `json:"original_message_id"`
		Message  json.RawMessage
	}
	Revoke struct {
		Original meta.Word `json:"original_message_id"`
	}
}

// file is one that a reader sent.
type file struct {
	Caption string
	ID      meta.Word
	Name    string `json:"filename"`
}

type pressed struct {
	ID    meta.Word
	Title string
}

// status is what became of a message.
type status struct {
	ID       meta.Word
	Status   string
	Phone    meta.Word `json:"recipient_id"`
	Business meta.Word `json:"recipient_user_id"`
	Key      string    `json:"biz_opaque_callback_data"`
	Errors   []struct{ Code int }
}
