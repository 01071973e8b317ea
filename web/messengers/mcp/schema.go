package mcp

import (
	"encoding/json"

	"keypull/pull"
	"keypull/pull/what"
)

// told is what an argument is, for the model that fills it in.
func told(key string) string { return own.Say("en", key, nil) }

func stringOf(description string, most int) object {
	return object{"type": "string", "description": description, "maxLength": most}
}

// inputs are the properties that all tools which ask have.
func inputs(more object) object {
	all := object{
		"language": stringOf(told("input.language"), maxLanguage),
		"session":  stringOf(told("input.session"), maxSession),
	}
	for name, property := range more {
		all[name] = property
	}
	return all
}

func input(properties object, required ...string) json.RawMessage {
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return schema(s)
}

func askInput() json.RawMessage {
	text := stringOf(told("input.text"), maxText)
	text["minLength"] = 1
	return input(inputs(object{"text": text}), "text")
}

func listInput() json.RawMessage {
	return input(object{
		"query": stringOf(told("input.query"), maxQuery), "cursor": stringOf(told("input.cursor"), maxCursor),
		"language": stringOf(told("input.language"), maxLanguage),
	})
}

// slotName is what the argument of a keyword is called; "" where it takes none.
func slotName(a pull.Askable) string {
	switch {
	case a.Argument == what.ArgumentNone:
		return ""
	case a.Slot == "date", a.Slot == "number", a.Slot == "amount":
		return a.Slot
	}
	return "argument"
}

// keywordInput is the input of a keyword's own tool: its slot.
func keywordInput(a pull.Askable) json.RawMessage {
	slot := slotName(a)
	if slot == "" {
		return input(inputs(nil))
	}
	property := stringOf(told("input."+slot), maxArgument)
	if a.Example != "" {
		property["examples"] = []string{clean(a.Example, maxArgument)}
	}
	var entries []string
	for _, e := range a.Entries {
		entries = append(entries, clean(e, maxArgument))
	}
	if len(entries) > 0 {
		property["enum"] = entries
	}
	if a.Argument == what.ArgumentRequired {
		return input(inputs(object{slot: property}), slot)
	}
	return input(inputs(object{slot: property}))
}

// output is what every tool that asks returns.
func output() json.RawMessage {
	text, number := object{"type": "string"}, object{"type": "integer"}
	list := func(of object, required ...string) object {
		o := object{"type": "object", "properties": of}
		if len(required) > 0 {
			o["required"] = required
		}
		return object{"type": "array", "items": o}
	}
	media := list(object{"url": text, "alt": text, "type": text}, "url", "type")
	item := list(object{
		"id": text, "title": text, "summary": text, "link": text, "media": media,
		"facts": object{"type": "object"}, "published": text, "as_of": text, "age_seconds": number, "stale": object{"type": "boolean"},
		"source": object{"type": "object", "properties": object{"name": text, "url": text}, "required": []string{"name"}},
	}, "id", "as_of", "age_seconds", "stale", "source", "facts", "media")
	item["description"] = told("output.items")
	return schema(object{
		"type": "object",
		"properties": object{
			"status":   object{"type": "string", "enum": statuses(), "description": told("output.status")},
			"language": text, "reply": object{"type": "string", "description": told("output.reply")},
			"items": item, "media": media,
			"choices":     list(object{"label": text, "send": text, "url": text}, "label"),
			"attribution": text, "session": text, "retry_after_seconds": number,
		},
		"required": []string{"status", "language", "reply", "items", "choices"},
	})
}

func statuses() []pull.Status {
	return []pull.Status{pull.StatusFound, pull.StatusChoice, pull.StatusLimited, pull.StatusRefused, pull.StatusUnavailable}
}

func listOutput() json.RawMessage {
	text := object{"type": "string"}
	return schema(object{
		"type": "object",
		"properties": object{
			"keywords": object{"type": "array", "items": object{
				"type": "object", "required": []string{"id", "title", "argument"},
				"properties": object{"id": text, "title": text, "argument": text, "slot": text, "example": text, "tool": text},
			}},
			"next_cursor": text, "retry_after_seconds": object{"type": "integer"},
			"status": object{"type": "string", "enum": statuses()},
		},
		"required": []string{"status", "keywords"},
	})
}
