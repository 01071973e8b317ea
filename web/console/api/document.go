package api

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"keypull/web/console"
)

// document is the OpenAPI document as it is served.
type document struct {
	body []byte
	tag  string
}

const about = `Every operation of the console for programs. ` +
	`Ask with a token of the console: Authorization: Bearer. ` +
	`Failures are application/problem+json (RFC 9457); an address that is not here answers 404, ` +
	`a method that an address does not have 405 with Allow. HEAD works wherever GET does. ` +
	`What replaces a thing names in If-Match the ETag that it was read with. ` +
	`POST, PUT and DELETE take an Idempotency-Key: repeated within 24 hours with the same key by the same token, ` +
	`a request is answered as it was and does nothing again. ` +
	`Secrets are shown as "••••"; sent back like that, they stay as they are.`

// describe describes the routes.
func describe(o Options, routes []*route) (schema, error) {
	c := newComponents(o.Schemas)
	c.schemas["Problem"] = problemSchema()
	paths, names := schema{}, []string{}
	for _, r := range routes {
		described, err := r.operationObject(c)
		if err != nil {
			return nil, fmt.Errorf("describe %s: %w", r.op.Name, err)
		}
		place, ok := paths[r.op.Path].(schema)
		if !ok {
			place = schema{}
			paths[r.op.Path] = place
		}
		place[strings.ToLower(r.op.Method)] = described
		names = append(names, tagOf(r.op))
	}
	slices.Sort(names)
	tags := []any{}
	for _, n := range slices.Compact(names) {
		tags = append(tags, schema{"name": n})
	}
	return schema{
		"openapi": "3.1.0",
		"info":    schema{"title": "keypull", "version": cmp.Or(o.Version, "0"), "description": about},
		"servers": []any{schema{"url": o.PublicURL + Prefix}},
		"tags":    tags, "paths": paths,
		"security": []any{schema{"bearer": []string{}}},
		"components": schema{
			"schemas":         c.schemas,
			"responses":       problemResponses(),
			"parameters":      schema{"IdempotencyKey": idempotencyParameter()},
			"securitySchemes": schema{"bearer": schema{"type": "http", "scheme": "bearer", "description": "A token of the console."}},
		},
	}, nil
}

// newDocument writes a description, with examples made of it as a client reads it.
func newDocument(described schema) (document, error) {
	plain, err := json.Marshal(described)
	if err != nil {
		return document{}, fmt.Errorf("encode the description: %w", err)
	}
	plain, err = withExamples(plain)
	if err != nil {
		return document{}, err
	}
	sum := sha256.Sum256(plain)
	return document{body: plain, tag: quoteETag(hex.EncodeToString(sum[:16]))}, nil
}

// tagOf returns the tag that an operation stands under: what its name begins with.
func tagOf(op console.Bound) string {
	n, _, _ := strings.Cut(op.Name, ".")
	return n
}

func typeOf(v any) reflect.Type { return reflect.TypeOf(v) }

// operationObject returns the operation object.
func (o *route) operationObject(c *components) (schema, error) {
	d := schema{
		"operationId": o.op.Name, "tags": []string{tagOf(o.op)},
		"description": strings.TrimSpace(o.op.Help + " " + permissionText(o.op)),
	}
	if o.op.Summary != "" {
		d["summary"] = o.op.Summary
	}
	parameters, err := o.parametersOf(c)
	if err != nil {
		return nil, err
	}
	if len(parameters) > 0 {
		d["parameters"] = parameters
	}
	if len(o.body) > 0 {
		s, err := o.bodyOf(c)
		if err != nil {
			return nil, err
		}
		d["requestBody"] = schema{
			"required": slices.ContainsFunc(o.body, func(f field) bool { return f.required }),
			"content":  schema{"application/json": schema{"schema": s}},
		}
	}
	done, err := o.successResponse(c)
	if err != nil {
		return nil, err
	}
	responses := schema{strconv.Itoa(o.status): done}
	for _, status := range o.problemStatuses() {
		responses[strconv.Itoa(status)] = schema{"$ref": "#/components/responses/" + problemName(status)}
	}
	if o.versioned && !o.writes() {
		responses[strconv.Itoa(http.StatusNotModified)] = schema{
			"description": "It is as If-None-Match says.",
			"headers":     schema{"ETag": headerSchema("The version.", true)},
		}
	}
	d["responses"] = responses
	return d, nil
}

// bodyOf returns the schema of what a request brings; what is only told is marked.
func (o *route) bodyOf(c *components) (schema, error) {
	s, err := c.objectSchema(slices.Concat(o.body, o.told))
	if err != nil {
		return nil, err
	}
	properties, _ := s["properties"].(schema)
	for _, f := range o.told {
		p, _ := properties[f.name].(schema)
		if o.guard != nil && o.guard.name == f.name {
			p["description"] = "The version that is to be replaced, as it was read. If-Match counts where both are given."
			continue
		}
		p["readOnly"] = true
	}
	return s, nil
}

// permissionText returns who may.
func permissionText(op console.Bound) string {
	text := map[console.Permission]string{
		console.Self:  "For a person alone, not for tokens.",
		console.Read:  "For everybody who has a role.",
		console.Write: "For editors.",
		console.Own:   "For owners.",
		console.Admin: "For admins of the installation.",
	}[op.Permission]
	if op.Slow {
		text += " It asks others and may take many seconds."
	}
	return text
}

func (o *route) parametersOf(c *components) ([]any, error) {
	var all []any
	for _, p := range o.params {
		s, err := c.fieldSchema(p.field, false)
		if err != nil {
			return nil, err
		}
		d := schema{"name": p.key, "in": p.place, "schema": s}
		if p.place == inPath && s["type"] == "string" && s["minLength"] == nil {
			s["minLength"] = 1
		}
		if p.place == inPath || p.tag.Get("required") == "true" || o.guard != nil && p.key == o.guard.key {
			d["required"] = true
		}
		if description, ok := s["description"]; ok {
			d["description"] = description
			delete(s, "description")
		}
		if o.guard != nil && p.key == o.guard.key {
			s["pattern"], s["examples"] = tagPattern, []any{`"7"`}
		}
		all = append(all, d)
	}
	if o.versioned && !o.writes() {
		all = append(all, schema{
			"name": "If-None-Match", "in": inHeader, "description": "The ETag of what is known already.",
			"schema": schema{"type": "string", "pattern": tagPattern, "examples": []any{`"7"`}},
		})
	}
	if o.writes() {
		all = append(all, schema{"$ref": "#/components/parameters/IdempotencyKey"})
	}
	return all, nil
}

// tagPattern is what If-Match and If-None-Match take.
const tagPattern = `^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$`

func idempotencyParameter() schema {
	return schema{
		"name": "Idempotency-Key", "in": inHeader,
		"description": "Names this request, so that it can be repeated without being carried out twice.",
		"schema": schema{
			"type": "string", "minLength": 1, "maxLength": maxKey, "pattern": "^[!-~]+$",
			"examples": []any{"8e03978e-40d5-43dd-bc93-6894a57f9324"},
		},
	}
}
