package pages

import (
	"fmt"
	"html/template"
	"text/template/parse"
)

// foldConstants puts what calls of functions with constant arguments return in their places, so that a page
// does not look the same words up for each of its rows: constant folding. They stand as text between tags or in
// quoted attributes, never in scripts.
func foldConstants(t *template.Template, language string) {
	f := constantFolder{
		"t":     func(key string, more ...any) any { return sentence(language, key, more...) },
		"icon":  func(name string, _ ...any) any { drawn, _ := iconHTML(name); return drawn },
		"asset": func(name string, _ ...any) any { return Asset(name) },
	}
	for _, one := range t.Templates() {
		if one.Tree != nil && one.Tree.Root != nil {
			f.foldList(one.Tree.Root)
		}
	}
}

// constantFolder has the functions that return the same for the same arguments.
type constantFolder map[string]func(first string, more ...any) any

func (f constantFolder) foldList(list *parse.ListNode) {
	if list == nil {
		return
	}
	for i, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			f.foldArguments(n.Pipe)
			if text, ok := f.constantHTML(n.Pipe); ok {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(text)}
			}
		case *parse.IfNode:
			f.foldBranch(&n.BranchNode)
		case *parse.RangeNode:
			f.foldBranch(&n.BranchNode)
		case *parse.WithNode:
			f.foldBranch(&n.BranchNode)
		case *parse.TemplateNode:
			f.foldArguments(n.Pipe)
		}
	}
}

func (f constantFolder) foldBranch(b *parse.BranchNode) {
	f.foldArguments(b.Pipe)
	f.foldList(b.List)
	f.foldList(b.ElseList)
}

// foldArguments puts strings in the places of arguments that are constant.
func (f constantFolder) foldArguments(pipe *parse.PipeNode) {
	if pipe == nil {
		return
	}
	for _, command := range pipe.Cmds {
		for i, arg := range command.Args {
			inner, ok := arg.(*parse.PipeNode)
			if !ok {
				continue
			}
			f.foldArguments(inner)
			if text, ok := f.constantOf(inner).(string); ok {
				command.Args[i] = &parse.StringNode{NodeType: parse.NodeString, Pos: inner.Pos, Quoted: fmt.Sprintf("%q", text), Text: text}
			}
		}
	}
}

// constantHTML returns the markup that a pipeline always is; false if it is not always the same.
func (f constantFolder) constantHTML(pipe *parse.PipeNode) (string, bool) {
	switch constant := f.constantOf(pipe).(type) {
	case string:
		return template.HTMLEscapeString(constant), true
	case template.HTML:
		return string(constant), constant != ""
	}
	return "", false
}

// constantOf returns what a pipeline always returns; nil if it is not always the same.
func (f constantFolder) constantOf(pipe *parse.PipeNode) any {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return nil
	}
	args := pipe.Cmds[0].Args
	name, ok := args[0].(*parse.IdentifierNode)
	if !ok || f[name.Ident] == nil || len(args) < 2 {
		return nil
	}
	first, ok := args[1].(*parse.StringNode)
	if !ok {
		return nil
	}
	var more []any
	for _, arg := range args[2:] {
		text, ok := arg.(*parse.StringNode)
		if !ok {
			return nil
		}
		more = append(more, text.Text)
	}
	return f[name.Ident](first.Text, more...)
}
