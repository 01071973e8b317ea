package httpjson

import "strings"

// filled is a template of a profile with values in its places. A text that is
// one place alone, "{buttons}", is its value; others hold theirs as text. An object
// {"each": "buttons", "of": …} is a list of one for each, {"if": "buttons",
// "then": …, "else": …} one of two. What is empty is left out of objects.
func filled(template any, values map[string]any) any {
	switch t := template.(type) {
	case string:
		return filledText(t, values)
	case []any:
		out := make([]any, 0, len(t))
		for _, one := range t {
			out = append(out, filled(one, values))
		}
		return out
	case map[string]any:
		if name, ok := t["each"].(string); ok {
			return each(t["of"], name, values)
		}
		if name, ok := t["if"].(string); ok {
			if empty(values[name]) {
				return filled(t["else"], values)
			}
			return filled(t["then"], values)
		}
		out := make(map[string]any, len(t))
		for key, one := range t {
			if value := filled(one, values); !empty(value) {
				out[key] = value
			}
		}
		return out
	}
	return template
}

func each(template any, name string, values map[string]any) any {
	list, _ := values[name].([]map[string]any)
	out := make([]any, 0, len(list))
	for _, one := range list {
		scope := make(map[string]any, len(values)+len(one))
		for key, value := range values {
			scope[key] = value
		}
		for key, value := range one {
			scope[key] = value
		}
		out = append(out, filled(template, scope))
	}
	return out
}

func filledText(t string, values map[string]any) any {
	if name, ok := strings.CutPrefix(t, "{"); ok && strings.Count(t, "{") == 1 && strings.HasSuffix(name, "}") {
		return values[strings.TrimSuffix(name, "}")]
	}
	var pairs []string
	for name, value := range values {
		if text, ok := value.(string); ok {
			pairs = append(pairs, "{"+name+"}", text)
		}
	}
	return strings.NewReplacer(pairs...).Replace(t)
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case []map[string]any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
