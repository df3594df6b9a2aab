"""What `highlighting` knows of each programming language: words, comments, quotes, other names."""

KEYWORDS = {
    "bash": """
        case do done elif else esac exit export fi for function if in local readonly return
        select set shift source then until unset while
    """,
    "c": """
        auto bool break case char const continue default do double else enum extern false float
        for goto if inline int long NULL register restrict return short signed sizeof static
        struct switch true typedef union unsigned void volatile while
    """,
    "cpp": """
        alignas alignof auto bool break case catch char class concept const const_cast consteval
        constexpr continue co_await co_return co_yield decltype default delete do double
        dynamic_cast else enum explicit export extern false final float for friend goto if
        inline int long mutable namespace new noexcept nullptr operator override private
        protected public reinterpret_cast requires return short signed sizeof static
        static_assert static_cast struct switch template this throw true try typedef typename
        union unsigned using virtual void volatile while
    """,
    "csharp": """
        abstract as async await base bool break byte case catch char class const continue
        decimal default delegate do double else enum event explicit extern false finally float
        for foreach get if implicit in int interface internal is lock long namespace new null
        object operator out override params private protected public readonly record ref return
        sbyte sealed set short sizeof static string struct switch this throw true try typeof
        uint ulong unchecked using var virtual void volatile when where while yield
    """,
    "go": """
        any bool break byte case chan const continue default defer else error fallthrough false
        float32 float64 for func go goto if import int int32 int64 interface map nil package
        range return rune select string struct switch true type uint var
    """,
    "java": """
        abstract assert boolean break byte case catch char class const continue default do
        double else enum extends false final finally float for if implements import instanceof
        int interface long native new null package permits private protected public record
        return sealed short static super switch synchronized this throw throws transient true
        try var void volatile while yield
    """,
    "javascript": """
        as async await break case catch class const continue debugger default delete do else
        export extends false finally for from function get if import in instanceof let new null
        of return set static super switch this throw true try typeof undefined var void while
        with yield
    """,
    "json": "false null true",
    "php": """
        abstract and array as break callable case catch class clone const continue default do
        echo else elseif empty enum extends false final finally fn for foreach function global
        if implements include instanceof interface isset match namespace new null or print
        private protected public readonly require require_once return static switch throw trait
        true try unset use var while yield
    """,
    "python": """
        False None True and as assert async await break case class continue def del elif else
        except finally for from global if import in is lambda match nonlocal not or pass raise
        return self try while with yield
    """,
    "ruby": """
        alias and begin break case class def defined? do else elsif end ensure false for if in
        module next nil not or redo require rescue retry return self super then true undef
        unless until when while yield
    """,
    "rust": """
        as async await bool break char const continue crate dyn else enum extern f32 f64 false
        fn for i32 i64 if impl in let loop match mod move mut pub ref return self Self static
        str struct super trait true type u8 u32 u64 unsafe use usize where while
    """,
    "sql": """
        add all alter and as asc begin between by case check column commit constraint create
        cross database default delete desc distinct drop else end exists explain foreign from
        full group having if in index inner insert into is join key left like limit not null
        offset on or order outer primary references returning right rollback select set table
        then transaction union unique update using values view when where with
    """,
    "toml": "false true",
    "yaml": "false no null true yes",
}
KEYWORDS["typescript"] = f"""
    {KEYWORDS["javascript"]} abstract any boolean declare enum implements interface keyof
    namespace never number object override private protected public readonly string symbol
    type unknown
"""

# What starts a comment that lasts to the end of its line.
LINE_COMMENTS = {
    **dict.fromkeys(("bash", "python", "ruby", "toml", "yaml"), "#"),
    **dict.fromkeys(("c", "cpp", "csharp", "go", "java", "javascript", "json"), "//"),
    **dict.fromkeys(("rust", "typescript"), "//"),
    "php": "//|#",
    "sql": "--",
}

# What may enclose a string on one line. In Rust a lone ' starts a lifetime.
QUOTES = dict.fromkeys(KEYWORDS, "\"'") | {"json": '"', "rust": '"'}
# ... and what may enclose one over several lines.
LONG_QUOTES = {
    "go": ["`"],
    "java": ['"""'],
    "javascript": ["`"],
    "python": ['"""', "'''"],
    "toml": ['"""', "'''"],
    "typescript": ["`"],
}

ALIASES = {
    alias: language
    for language, aliases in {
        "bash": "sh shell zsh",
        "c": "h",
        "cpp": "c++ cc",
        "csharp": "c# cs",
        "diff": "patch",
        "go": "golang",
        "html": "htm svg xml",
        "ini": "cfg conf",
        "javascript": "js jsx",
        "python": "py python3",
        "ruby": "rb",
        "rust": "rs",
        "typescript": "ts tsx",
        "yaml": "yml",
    }.items()
    for alias in aliases.split()
}
