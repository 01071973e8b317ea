package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/console"
)

// problemStatuses lists the problems that a request for an operation can be answered
// with. Whatever does not depend on the operation can happen to each.
func (o *route) problemStatuses() []int {
	all := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity,
		http.StatusTooManyRequests, http.StatusRequestHeaderFieldsTooLarge,
		http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
	if o.writes() {
		all = append(all, http.StatusConflict)
	}
	if o.guard != nil {
		all = append(all, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	if o.namesRenamable() {
		all = append(all, http.StatusPermanentRedirect)
	}
	slices.Sort(all)
	return all
}

// namesRenamable reports whether the path names a thing whose id can change.
func (o *route) namesRenamable() bool {
	return slices.ContainsFunc(pathNames(o.op.Path), func(name string) bool { return catalogue.Resource(name).Renames() })
}

// problemResponses returns the component responses, by status.
func problemResponses() schema {
	all := schema{}
	for status, word := range problemTypes() {
		title := words.Text{Key: "api.title." + word}.String()
		r := schema{
			"description": title + ".",
			"content": schema{"application/problem+json": schema{
				"schema":  schemaRef("Problem"),
				"example": schema{"type": "/problems/" + word, "title": title, "status": status},
			}},
		}
		if headers := problemHeaders(status); headers != nil {
			r["headers"] = headers
		}
		all[problemName(status)] = r
	}
	return all
}

func problemName(status int) string { return "Problem" + strconv.Itoa(status) }

func problemHeaders(status int) schema {
	switch status {
	case http.StatusUnauthorized:
		return schema{"WWW-Authenticate": headerSchema("How to prove who asks.", true)}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return schema{"Retry-After": headerSchema("Seconds to wait before the next try.", false)}
	case http.StatusConflict:
		return schema{"Retry-After": headerSchema("Seconds to wait, where the same request is under way.", false)}
	case http.StatusPreconditionFailed:
		return schema{"ETag": headerSchema("The version that is there now.", false)}
	case http.StatusPermanentRedirect:
		return schema{"Location": headerSchema("The same address with the id that the thing has today.", true)}
	case http.StatusMethodNotAllowed:
		return schema{"Allow": headerSchema("The methods that the address takes.", true)}
	}
	return nil
}

func headerSchema(description string, required bool) schema {
	return schema{"description": description, "required": required, "schema": schema{"type": "string"}}
}

// problemSchema describes Problem.
func problemSchema() schema {
	text := func(description string) schema { return schema{"type": "string", "description": description} }
	return schema{
		"type": "object", "required": []string{"type", "title", "status"}, "additionalProperties": false,
		"description": "A failure (RFC 9457).",
		"properties": schema{
			"type":     schema{"type": "string", "format": "uri-reference", "description": "Names the sort of problem; never changes."},
			"title":    text("The sort of problem in words."),
			"status":   schema{"type": "integer", "minimum": 300, "maximum": 599},
			"detail":   text("One sentence that says what is wrong and what to do."),
			"instance": text("Names this one failure, where the server's log tells more of it."),
			"errors": schema{
				"type": "array", "description": "What is wrong with which field or parameter.",
				"items": schema{
					"type": "object", "required": []string{"field", "message"}, "additionalProperties": false,
					"properties": schema{
						"field":   text("The path of the field, or the name of the parameter."),
						"message": text("One sentence that says what to do."),
						"key":     text("Names the sentence."),
						"pointer": text("JSON pointer to the field in the body."),
					},
				},
			},
			"current": schema{"description": "What is there now, where another version was to be replaced."},
		},
	}
}

// successResponse returns the response when the operation is done.
func (o *route) successResponse(c *components) (schema, error) {
	r, headers := schema{"description": http.StatusText(o.status) + "."}, schema{}
	if o.versioned {
		headers["ETag"] = headerSchema("The version, for If-Match and If-None-Match.", true)
	}
	if o.paged {
		headers["Link"] = headerSchema(`Where the next page is, rel="next"; absent on the last.`, false)
	}
	if o.writes() {
		headers["Idempotency-Replayed"] = headerSchema("true where the answer is that of an earlier request with the same Idempotency-Key.", false)
	}
	if o.op.Undo {
		headers["Undo"] = headerSchema("Where a POST within ten minutes undoes what was done; absent where nothing was changed.", false)
	}
	if len(headers) > 0 {
		r["headers"] = headers
	}
	if o.empty {
		return r, nil
	}
	if raw, is := o.op.Out.(console.Raw); is {
		kind, _ := raw.Raw()
		kind, _, _ = strings.Cut(kind, ";")
		r["content"] = schema{kind: schema{"schema": schema{"type": "string"}}}
		return r, nil
	}
	s, err := c.typeSchema(typeOf(o.op.Out))
	if err != nil {
		return nil, err
	}
	r["content"] = schema{"application/json": schema{"schema": s}}
	return r, nil
}
