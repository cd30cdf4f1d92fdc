//! `errand doctor`: is everything in order?

use errand_protocol::{
    Failure,
    commands::{ClockConfirm, Doctor},
};

use crate::{door::Door, exit, print};

pub(super) async fn doctor(door: &Door, clock_is_right: bool, json: bool) -> Result<u8, Failure> {
    if clock_is_right {
        door.call(&ClockConfirm {}).await?;
    }
    let findings = door.call(&Doctor {}).await?;
    if json {
        print::json(&findings);
    } else {
        for finding in &findings {
            let word = match (finding.ok, finding.invariant) {
                (true, _) => "ok      ",
                (false, true) => "BROKEN  ",
                (false, false) => "look at ",
            };
            print::line(format_args!("{word}{} {}", finding.check, finding.detail));
        }
    }
    let broken = findings
        .iter()
        .any(|finding| finding.invariant && !finding.ok);
    Ok(if broken { exit::FAILED } else { exit::OK })
}
