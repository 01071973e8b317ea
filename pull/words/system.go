package words

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// systemErrorText returns what this machine, and those who read its formats, say of an error:
// in sentences that name what is wrong and what to do, as theirs are English
// and for programmers. False for what nothing is known of.
func systemErrorText(err error) (Text, bool) {
	for _, heard := range []func(error) (Text, bool){ofFile, ofNetwork, ofText, ofJSON, ofTime} {
		if said, ok := heard(err); ok {
			return said, true
		}
	}
	return Text{}, false
}

// meant is the sentence that an error of this kind means.
type meant struct {
	err error
	key string
}

func keyOf(err error, all []meant) (key string, ok bool) {
	for _, m := range all {
		if errors.Is(err, m.err) {
			return m.key, true
		}
	}
	return "", false
}

// ofFiles are what can be wrong with a path.
var ofFiles = []meant{
	{fs.ErrNotExist, "system.not_there"}, {fs.ErrPermission, "system.forbidden"}, {syscall.EISDIR, "system.folder"},
	{syscall.ENOTDIR, "system.no_folder"}, {fs.ErrExist, "system.there"}, {syscall.ENOSPC, "system.full"},
	{syscall.EDQUOT, "system.full"}, {syscall.EROFS, "system.fixed"}, {syscall.ENAMETOOLONG, "system.long_name"},
	{syscall.EBADF, "system.closed"}, {fs.ErrClosed, "system.closed"},
}

func ofFile(err error) (Text, bool) {
	var (
		at   *fs.PathError
		link *os.LinkError
		path string
	)
	switch {
	case errors.As(err, &at):
		path, err = at.Path, at.Err
	case errors.As(err, &link):
		path, err = link.New, link.Err
	default:
		return Text{}, false
	}
	args := Args{"path": path}
	if at != nil && errors.Is(err, fs.ErrPermission) {
		switch at.Op {
		case "mkdir":
			return unwritableFolder(filepath.Dir(path)), true
		case makesFile:
			return unwritableFolder(path), true
		}
	}
	if key, ok := keyOf(err, ofFiles); ok {
		return Text{Key: key, Args: args}, true
	}
	args["reason"] = Quoted(err.Error())
	return Text{Key: "system.path", Args: args}, true
}

// makesFile is how package private calls what failed where the folder is at fault.
const makesFile = "make a file in"

// unwritableFolder says that nothing can be made in a folder.
func unwritableFolder(folder string) Text {
	return Text{Key: "system.unwritable", Args: Args{"path": folder}}
}

// ofAddresses are what can be wrong with an address that is listened on or
// called.
var ofAddresses = []meant{
	{syscall.EADDRINUSE, "system.busy"}, {syscall.EADDRNOTAVAIL, "system.foreign"},
	{syscall.EACCES, "system.privileged"}, {syscall.ECONNREFUSED, "system.refused"},
}

func ofNetwork(err error) (Text, bool) {
	var (
		op   *net.OpError
		host *net.DNSError
		form *net.AddrError
	)
	switch {
	case errors.As(err, &host) && host.IsNotFound:
		return Text{Key: "system.no_host", Args: Args{"host": host.Name}}, true
	case errors.As(err, &form):
		return Text{Key: "system.address", Args: Args{"got": form.Addr}}, true
	case errors.As(err, &op) && op.Addr != nil && op.Addr.Network() == "unix" && errors.Is(op.Err, syscall.EACCES):
		if op.Op == "listen" {
			return unwritableFolder(filepath.Dir(op.Addr.String())), true
		}
		return Text{Key: "system.forbidden", Args: Args{"path": op.Addr.String()}}, true
	case errors.As(err, &op) && op.Addr != nil:
		key, ok := keyOf(op.Err, ofAddresses)
		return Text{Key: key, Args: Args{"address": op.Addr.String()}}, ok
	}
	return Text{}, false
}

// ofText hears what reads numbers, switches and moments.
func ofText(err error) (Text, bool) {
	var (
		number *strconv.NumError
		moment *time.ParseError
	)
	switch {
	case errors.As(err, &moment):
		return Text{Key: "system.moment", Args: Args{"got": moment.Value}}, true
	case !errors.As(err, &number):
		return Text{}, false
	}
	key := "system.number"
	switch {
	case number.Func == "ParseBool":
		key = "system.switch"
	case errors.Is(number.Err, strconv.ErrRange):
		key = "system.number_large"
	}
	return Text{Key: key, Args: Args{"got": number.Num}}, true
}

func ofJSON(err error) (Text, bool) {
	var (
		broken *json.SyntaxError
		other  *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &broken):
		return Text{Key: "system.json", Args: Args{"n": broken.Offset}}, true
	case errors.As(err, &other):
		got, _, _ := strings.Cut(other.Value, " ")
		args := Args{"field": other.Field, "want": shapeOf(other.Type), "got": shape(got)}
		if other.Field == "" {
			return Text{Key: "system.json_whole", Args: args}, true
		}
		return Text{Key: "system.json_type", Args: args}, true
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Text{Key: "system.half"}, true
	case errors.Is(err, bufio.ErrTooLong):
		return Text{Key: "system.long_line"}, true
	}
	return Text{}, false
}

// shapeOf returns what a type is called in JSON.
func shapeOf(t reflect.Type) Text {
	switch t.Kind() {
	case reflect.String:
		return shape("string")
	case reflect.Bool:
		return shape("bool")
	case reflect.Slice, reflect.Array:
		return shape("array")
	case reflect.Struct, reflect.Map, reflect.Pointer, reflect.Interface:
		return shape("object")
	}
	return shape("number")
}

func shape(name string) Text {
	switch name {
	case "string":
		return Text{Key: "system.json_string"}
	case "bool":
		return Text{Key: "system.json_bool"}
	case "array":
		return Text{Key: "system.json_array"}
	case "object":
		return Text{Key: "system.json_object"}
	}
	return Text{Key: "system.json_number"}
}

func ofTime(err error) (Text, bool) {
	key, ok := keyOf(err, []meant{
		{context.Canceled, "system.ended"}, {context.DeadlineExceeded, "system.late"}, {os.ErrDeadlineExceeded, "system.late"},
	})
	return Text{Key: key}, ok
}
