#include "simulator/engine/jobs.h"

#include <algorithm>
#include <string>

#include "core/error.h"

namespace pipedit::simulator {

namespace {

struct Later {
  bool operator()(const Event& a, const Event& b) const { return a.time > b.time; }
};

}  // namespace

Rate rate_of(double share) {
  const double scaled = std::clamp(share * static_cast<double>(kFull), 1.0, static_cast<double>(kFull));
  const Rate whole = static_cast<Rate>(scaled);
  return static_cast<double>(whole) < scaled ? whole + 1 : whole;
}

void Agenda::add(Event event) {
  heap_.push_back(event);
  std::push_heap(heap_.begin(), heap_.end(), Later{});
}

Event Agenda::take() {
  std::pop_heap(heap_.begin(), heap_.end(), Later{});
  const Event event = heap_.back();
  heap_.pop_back();
  return event;
}

JobId Jobs::add(Job job, Nanos work, Nanos now) {
  if (work > kLongest) throw InputError("a task of " + std::to_string(work / 1h) + " hours: too long to simulate");
  if (free_.empty()) {
    free_.push_back(static_cast<JobId>(jobs_.size()));
    jobs_.emplace_back();
  }
  const JobId id = free_.back();
  free_.pop_back();
  Job& slot = jobs_[static_cast<std::size_t>(id)];
  job.version = slot.version + 1;
  job.remaining = work.count() * kFull;
  job.updated = now;
  job.rate = 0;
  job.end = Nanos::max();
  job.live = true;
  slot = job;
  return id;
}

Nanos Jobs::set_rate(JobId id, Rate rate, Nanos now) {
  Job& job = jobs_[static_cast<std::size_t>(id)];
  if (job.rate == rate) return job.end;
  job.remaining = std::max<std::int64_t>(0, job.remaining - (now - job.updated).count() * job.rate);
  job.updated = now;
  job.rate = rate;
  ++job.version;
  job.end = now + Nanos{(job.remaining + rate - 1) / rate};
  return job.end;
}

void Jobs::set_rate(JobId id, Rate rate, Nanos now, Agenda& agenda) {
  const std::uint32_t before = (*this)[id].version;
  const Nanos end = set_rate(id, rate, now);
  if ((*this)[id].version != before) agenda.add({end, EventKind::job_done, id, (*this)[id].version});
}

void Jobs::remove(JobId id) {
  jobs_[static_cast<std::size_t>(id)].live = false;
  free_.push_back(id);
}

}  // namespace pipedit::simulator
