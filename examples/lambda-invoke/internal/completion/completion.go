// Package completion writes the scripts by which shells complete the command
// line. They are made of the flags themselves.
package completion

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/args"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/batch"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/exit"
	"github.com/lambda-invoke/lambda-invoke-go/examples/lambda-invoke/internal/single"
)

const usage = `Usage: lambda-invoke completion shell

Prints the script that completes the command line in bash, zsh or fish:

  bash: lambda-invoke completion bash > ~/.local/share/bash-completion/completions/lambda-invoke
  zsh:  lambda-invoke completion zsh > "${fpath[1]}/_lambda-invoke"
  fish: lambda-invoke completion fish > ~/.config/fish/completions/lambda-invoke.fish
`

// Run prints the script that the arguments ask for, and returns the exit status.
func Run(arguments []string, stdout, stderr io.Writer) int {
	operands, err := args.New("lambda-invoke completion").Parse(arguments)
	if err == flag.ErrHelp {
		io.WriteString(stdout, usage)
		return exit.OK
	}
	if err == nil && len(operands) == 1 {
		if write := shells[operands[0]]; write != nil {
			if err := write(stdout, single.Flags(), batch.Flags()); err != nil {
				return exit.Fail(stderr, exit.SetupError{Err: err})
			}
			return exit.OK
		}
	}
	if err == nil {
		err = fmt.Errorf("which shell? bash, zsh or fish")
	}
	return exit.Fail(stderr, exit.UsageError{Err: err})
}

var shells = map[string]func(w io.Writer, call, mapping []*flag.Flag) error{
	"bash": bash, "zsh": zsh, "fish": fish,
}

// values are what can follow a flag, "file" for a path.
func values(f *flag.Flag) string {
	switch f.Name {
	case "in", "out", "file", "report":
		return "file"
	case "type":
		return "RequestResponse Event DryRun"
	}
	return ""
}

func bash(w io.Writer, call, mapping []*flag.Flag) error {
	names := func(flags []*flag.Flag) string {
		var all []string
		for _, f := range flags {
			all = append(all, "-"+f.Name)
		}
		return strings.Join(all, " ")
	}
	var free []string // flags whose value nobody can guess
	seen := make(map[string]bool)
	for _, f := range append(call, mapping...) {
		if args.TakesValue(f) && values(f) == "" && !seen[f.Name] {
			seen[f.Name] = true
			free = append(free, "-"+f.Name)
		}
	}
	_, err := fmt.Fprintf(w, `# bash completion for lambda-invoke
_lambda_invoke() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} flags=%q
	COMPREPLY=()
	if [[ ${COMP_WORDS[1]} == completion ]]; then
		COMPREPLY=($(compgen -W 'bash zsh fish' -- "$current"))
		return
	fi
	if [[ ${COMP_WORDS[1]} == map ]]; then
		flags=%q
	fi
	case $previous in
	-in|-out|-file|-report) COMPREPLY=($(compgen -f -- "$current")); return ;;
	-type) COMPREPLY=($(compgen -W 'RequestResponse Event DryRun' -- "$current")); return ;;
	%s) return ;;
	esac
	if [[ $current == -* ]]; then
		COMPREPLY=($(compgen -W "$flags -h" -- "$current"))
	elif ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W 'map completion' -- "$current"))
	fi
}
complete -o filenames -F _lambda_invoke lambda-invoke
`, names(call), names(mapping), strings.Join(free, "|"))
	return err
}

func zsh(w io.Writer, call, mapping []*flag.Flag) error {
	specs := func(flags []*flag.Flag) string {
		escape := strings.NewReplacer("'", `'\''`, "[", `\[`, "]", `\]`, ":", `\:`)
		var b strings.Builder
		for _, f := range flags {
			value, text := flag.UnquoteUsage(f)
			fmt.Fprintf(&b, "\t\t'-%s[%s]", f.Name, escape.Replace(text))
			if args.TakesValue(f) {
				fmt.Fprintf(&b, ":%s:", value)
				switch known := values(f); known {
				case "":
				case "file":
					b.WriteString("_files")
				default:
					b.WriteString("(" + known + ")")
				}
			}
			b.WriteString("' \\\n")
		}
		return b.String()
	}
	_, err := fmt.Fprintf(w, `#compdef lambda-invoke
_lambda_invoke() {
	case $words[2] in
	completion)
		_arguments '2:shell:(bash zsh fish)'
		;;
	map)
		_arguments \
%s		'-h[show the help]' '1:command:(map)' '2:function:'
		;;
	*)
		_arguments \
%s		'-h[show the help]' '1:function or command:(map completion)'
		;;
	esac
}
_lambda_invoke "$@"
`, specs(mapping), specs(call))
	return err
}

func fish(w io.Writer, call, mapping []*flag.Flag) error {
	var b strings.Builder
	b.WriteString("# fish completion for lambda-invoke\ncomplete -c lambda-invoke -f\n" +
		"complete -c lambda-invoke -n __fish_is_first_token -a map -d 'call it for every line of a file'\n" +
		"complete -c lambda-invoke -n __fish_is_first_token -a completion -d 'print a completion script'\n" +
		"complete -c lambda-invoke -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'\n" +
		"complete -c lambda-invoke -o h -d 'show the help'\n")
	quote := strings.NewReplacer(`\`, `\\`, "'", `\'`)
	for _, command := range []struct {
		when  string
		flags []*flag.Flag
	}{{"not __fish_seen_subcommand_from map completion", call}, {"__fish_seen_subcommand_from map", mapping}} {
		for _, f := range command.flags {
			_, text := flag.UnquoteUsage(f)
			fmt.Fprintf(&b, "complete -c lambda-invoke -n '%s' -o %s -d '%s'", command.when, f.Name, quote.Replace(text))
			if args.TakesValue(f) {
				switch known := values(f); known {
				case "":
					b.WriteString(" -x")
				case "file":
					b.WriteString(" -r -F")
				default:
					fmt.Fprintf(&b, " -x -a '%s'", known)
				}
			}
			b.WriteString("\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
